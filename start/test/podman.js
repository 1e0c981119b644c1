import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { waitFor } from './command.js';
import { askEngine } from './engine-api.js';
import { trustRegistries } from './engine.js';
import { findProgram } from './machine.js';
import { startInNamespace } from './namespace.js';

/**
 * Starts a Podman service of this run's own: images, state and caches lie in the run's folder, and containers use the
 * machine's network, so that no bridge and no packet rule is made.
 */
export async function startPodman(testRun, registries, certificates) {
  const folder = (name) => path.join(testRun.folder, name);
  const settings = folder('podman-etc');
  // Podman looks for a registry's authority where Docker does, too.
  await trustRegistries(settings, registries, certificates);
  const file = async (name, text) => {
    await writeFile(path.join(settings, name), text);
    return path.join(settings, name);
  };
  const temporary = folder('podman-tmp');
  await mkdir(temporary, { recursive: true });
  const plain = Object.values(registries).filter(({ url }) =>
    url.startsWith('http:'),
  );
  const env = {
    CONTAINERS_CONF: await file(
      'containers.conf',
      `[containers]\nnetns = "host"\n[engine]\nruntime = "runc"\ncgroup_manager = "cgroupfs"\nevents_logger = "none"\nlock_type = "file"\n`,
    ),
    CONTAINERS_REGISTRIES_CONF: await file(
      'registries.conf',
      plain
        .map(
          ({ host }) =>
            `[[registry]]\nlocation = ${JSON.stringify(host)}\ninsecure = true\n`,
        )
        .join(''),
    ),
    TMPDIR: temporary,
  };
  const host = `unix://${folder('podman.sock')}`;
  const server = startInNamespace(
    testRun,
    'podman',
    settings,
    [
      findProgram('podman'),
      '--root',
      folder('podman-data'),
      '--runroot',
      folder('podman-run'),
      '--tmpdir',
      folder('podman-state'),
      'system',
      'service',
      '--time=0',
      host,
    ],
    env,
  );
  await waitFor(
    'The first answer of Podman',
    async () => {
      server.assertRunning();
      return askEngine(host, '/version').catch(() => undefined);
    },
    60_000,
  );
  return { host };
}
