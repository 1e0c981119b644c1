import { setTimeout as delay } from 'node:timers/promises';
import { keepRunning } from './children.js';
import { CHECKOUT, isLoopback } from './config.js';
import { findEngine } from './engine.js';
import { logFile } from './logs.js';
import { say } from './say.js';

const LOOK_AGAIN_MS = 15_000;

export function workerCommand({ serverUrl, secretFile }) {
  return {
    command: process.execPath,
    args: [
      '--import',
      'tsx',
      'worker/main.ts',
      '--server',
      serverUrl,
      '--secret-file',
      secretFile,
      '--name',
      'local',
    ],
  };
}

/**
 * Runs the local worker as soon as a container engine answers, now or later. Without one it says how to get one, and
 * goes on looking.
 */
export function startLocalWorker({ command, config, env, places, guard }) {
  const stopping = new AbortController();
  let worker = null;
  const run = async () => {
    let said = null;
    for (;;) {
      const engine = usesTestEngine(env, config)
        ? { state: 'ready' }
        : await findEngine(env);
      if (stopping.signal.aborted) return;
      if (engine.state === 'ready') {
        if (said)
          say('A container engine answers now; the local worker is starting.');
        worker = keepRunning({
          name: 'The local worker',
          ...command,
          cwd: CHECKOUT,
          env: workerEnv(env, engine.address),
          logFile: logFile(places.logs, 'worker'),
          guard,
          say,
        });
        return;
      }
      const line = engineProblem(engine, config, places);
      if (line !== said) say(line);
      said = line;
      await delay(LOOK_AGAIN_MS, undefined, { signal: stopping.signal }).catch(
        () => {},
      );
    }
  };
  void run();
  return {
    async stop() {
      stopping.abort();
      await worker?.stop();
    },
  };
}

function usesTestEngine(env, { mode }) {
  return mode === 'dev' && env.BUILD_ENGINE === 'fake';
}

// The worker gets neither the database's address nor the data folder: it must work without them anywhere.
export function workerEnv(
  { DATABASE_URL, IMAGEYARD_DATA, ...env },
  engineAddress,
) {
  return engineAddress ? { ...env, DOCKER_HOST: engineAddress } : env;
}

/** Where the local worker reaches the app: the loopback, else the public address. A worker sends nothing over plain http elsewhere. */
export function serverUrlFor({ localUrl, publicUrl }) {
  const isNear = isLoopback(new URL(localUrl).hostname.replace(/^\[|\]$/g, ''));
  return isNear ? localUrl : publicUrl;
}

export function engineProblem(
  { state, address },
  { publicUrl },
  { workerSecret },
) {
  if (state === 'forbidden') {
    return `This user may not use the container engine at ${address}. Join its group (sudo usermod -aG docker "$USER", then sign in again); the local worker then starts by itself.`;
  }
  // A worker refuses plain http to another machine.
  const farUrl = publicUrl.startsWith('https://')
    ? publicUrl
    : 'https://THIS-SERVER';
  return [
    'No container engine answers here, so nothing can be built yet; everything else works.',
    'Install and start Docker, and the local worker starts by itself. Or build on another machine that has it:',
    `copy ${workerSecret} there and run: npm run worker -- --server ${farUrl} --secret-file FILE`,
  ].join('\n');
}
