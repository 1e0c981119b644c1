import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { makeClientCertificate } from './certificates.js';
import { waitFor } from './command.js';
import { LOG_LIMITS } from './engine.js';
import { freePort } from './free-port.js';
import { startInNamespace } from './namespace.js';

/** Starts a BuildKit daemon of this run's own. It answers on a socket, and on loopback to who has a certificate. */
export async function startBuildKit(
  testRun,
  program,
  registries,
  certificates,
) {
  const folder = (name) => path.join(testRun.folder, name);
  const settings = folder('buildkit-etc');
  await mkdir(settings, { recursive: true });
  const trusted = Object.values(registries)
    .filter(({ url }) => url.startsWith('https:'))
    .map(
      ({ host }) =>
        `[registry."${host}"]\n  ca = [${JSON.stringify(certificates.caFile)}]\n`,
    );
  await writeFile(
    path.join(settings, 'buildkitd.toml'),
    [
      `[worker.oci]\n  defaultCgroupParent = "/imageyard-test-${testRun.id}"\n`,
      ...trusted,
    ].join(''),
  );
  const certFolder = folder('buildkit-client');
  await makeClientCertificate(folder('tls'), certFolder);
  const socket = folder('buildkit.sock');
  const tcp = `tcp://127.0.0.1:${await freePort('127.0.0.1')}`;
  const server = startInNamespace(
    testRun,
    'buildkitd',
    settings,
    [
      program,
      '--config',
      path.join(settings, 'buildkitd.toml'),
      '--root',
      folder('buildkit-data'),
      '--addr',
      `unix://${socket}`,
      '--addr',
      tcp,
      '--tlscacert',
      certificates.caFile,
      '--tlscert',
      certificates.certificateFile,
      '--tlskey',
      certificates.keyFile,
      '--otel-socket-path',
      folder('buildkit-otel.sock'),
      '--containerd-worker=false',
      '--oci-worker=true',
      '--oci-worker-net=host',
    ],
    LOG_LIMITS,
  );
  await waitFor(
    'The socket of the BuildKit daemon',
    () => {
      server.assertRunning();
      return existsSync(socket);
    },
    60_000,
  );
  return { host: `unix://${socket}`, tcp, certFolder };
}
