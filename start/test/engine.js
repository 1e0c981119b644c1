import { existsSync } from 'node:fs';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { startServer } from './background.js';
import { waitFor } from './command.js';
import { askEngine } from './engine-api.js';
import { findProgram } from './machine.js';
import { outgoingMtu } from './network.js';
import { identify, record } from './test-run.js';

const COVERED = ['/etc/docker', '/run/docker', '/run/containerd'];
const LOG_LIMIT_BYTES = '1073741824';

/** Folders that must exist for the engine's own to be laid over them, and do not yet. */
export function missingMountPoints() {
  return COVERED.filter((folder) => !existsSync(folder));
}

/**
 * Starts a Docker engine of this run's own: its data, state, sockets, settings and
 * bridge are apart from any other engine's. It trusts the test registries' authority.
 */
export async function startEngine(testRun, bridge, registries, certificates) {
  const folder = (name) => path.join(testRun.folder, name);
  await Promise.all(
    testRun.mountPoints.map((mountPoint) =>
      mkdir(mountPoint, { recursive: true }),
    ),
  );
  for (const { host, url } of Object.values(registries)) {
    if (!url.startsWith('https:')) continue;
    await mkdir(folder(`docker-etc/certs.d/${host}`), { recursive: true });
    await copyFile(
      certificates.caFile,
      folder(`docker-etc/certs.d/${host}/ca.crt`),
    );
  }
  // Empty, so that the machine's own daemon.json has no say.
  await writeFile(folder('docker-etc/daemon.json'), '{}');
  const socket = folder('docker.sock');
  const server = startServer(
    testRun,
    'dockerd',
    'unshare',
    [
      '--mount',
      '--propagation',
      'slave',
      '--pid',
      '--fork',
      '--kill-child=SIGKILL',
      '--mount-proc',
      '--',
      'sh',
      path.join(import.meta.dirname, 'engine-namespace.sh'),
      folder('docker-etc'),
      findProgram('tini'),
      '--',
      findProgram('dockerd'),
      '--host',
      `unix://${socket}`,
      '--group',
      'root',
      '--data-root',
      folder('docker-data'),
      '--exec-root',
      folder('docker-exec'),
      '--pidfile',
      folder('dockerd.pid'),
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
    {
      env: {
        BUILDKIT_STEP_LOG_MAX_SIZE: LOG_LIMIT_BYTES,
        BUILDKIT_STEP_LOG_MAX_SPEED: LOG_LIMIT_BYTES,
      },
    },
  );
  record(testRun, { engine: identify(server.pid) });
  const host = `unix://${socket}`;
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
