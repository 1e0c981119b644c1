import path from 'node:path';
import { startServer } from './background.js';
import { findProgram } from './machine.js';
import { identify, record } from './test-run.js';

/**
 * Starts an engine in mount and PID namespaces of its own, with `settings` laid over the machine's /etc/docker: when its
 * first process dies, its containers and mounts are gone with it.
 */
export function startInNamespace(testRun, name, settings, command, env) {
  const server = startServer(
    testRun,
    name,
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
      settings,
      findProgram('tini'),
      '--',
      ...command,
    ],
    { env },
  );
  record(testRun, {
    engines: [...(testRun.engines ?? []), identify(server.pid)],
  });
  return server;
}
