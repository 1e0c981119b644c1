import { existsSync } from 'node:fs';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { waitFor } from './command.js';
import { askEngine } from './engine-api.js';
import { findProgram } from './machine.js';
import { outgoingMtu } from './network.js';
import { startInNamespace } from './namespace.js';

const COVERED = ['/etc/docker', '/run/docker', '/run/containerd'];
/** No step's log is clipped, whatever it prints. */
export const LOG_LIMITS = {
  BUILDKIT_STEP_LOG_MAX_SIZE: '1073741824',
  BUILDKIT_STEP_LOG_MAX_SPEED: '1073741824',
};

/** Folders that must exist for the engine's own to be laid over them, and do not yet. */
export function missingMountPoints() {
  return COVERED.filter((folder) => !existsSync(folder));
}

/**
 * Starts a Docker engine of this run's own: its data, state, sockets, settings and
 * bridge are apart from any other engine's. It trusts the test registries' authority.
 */
export async function startEngine(
  testRun,
  bridge,
  registries,
  certificates,
  { name = 'docker', program = findProgram('dockerd') } = {},
) {
  const folder = (part) => path.join(testRun.folder, `${name}${part}`);
  await Promise.all(
    testRun.mountPoints.map((mountPoint) =>
      mkdir(mountPoint, { recursive: true }),
    ),
  );
  const settings = folder('-etc');
  await trustRegistries(settings, registries, certificates);
  // Empty, so that the machine's own daemon.json has no say.
  await writeFile(path.join(settings, 'daemon.json'), '{}');
  const host = `unix://${folder('.sock')}`;
  const server = startInNamespace(
    testRun,
    `${name}d`,
    settings,
    [
      program,
      '--host',
      host,
      '--group',
      'root',
      '--data-root',
      folder('-data'),
      '--exec-root',
      folder('-exec'),
      '--pidfile',
      folder('d.pid'),
      '--bridge',
      bridge.name,
      '--mtu',
      String(await outgoingMtu()),
      '--iptables=false',
      '--ip6tables=false',
      '--ip-forward=false',
      '--ip-masq=false',
      '--exec-opt',
      'native.cgroupdriver=cgroupfs',
      '--cgroup-parent',
      `/imageyard-test-${testRun.id}`,
    ],
    LOG_LIMITS,
  );
  const version = await waitFor(
    'The first answer of the Docker engine',
    async () => {
      server.assertRunning();
      return askEngine(host, '/version').catch(() => undefined);
    },
    60_000,
  );
  return { host, version: version.Version, isPrivate: true };
}

/** Puts the authority of the registries with TLS where engines look for it. */
export async function trustRegistries(settings, registries, { caFile }) {
  await mkdir(settings, { recursive: true });
  for (const { host, url } of Object.values(registries)) {
    if (!url.startsWith('https:')) continue;
    const folder = path.join(settings, 'certs.d', host);
    await mkdir(folder, { recursive: true });
    await copyFile(caFile, path.join(folder, 'ca.crt'));
  }
}
