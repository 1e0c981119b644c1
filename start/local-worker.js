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
    ],
  };
}

/**
 * Runs the local worker as soon as a container engine answers, now or later. Without one it says how to get one, and
 * goes on looking.
 */
export function startLocalWorker({ command, config, env, places, guard }) {
  const stopping = new AbortController();
  const usesTestEngine = config.mode === 'dev' && env.BUILD_ENGINE === 'fake';
  let worker = null;
  const run = async () => {
    // A BuildKit daemon is looked for by the worker itself.
    const isElsewhere = usesTestEngine || env.BUILD_ENGINE === 'buildkit';
    const engineAddress = isElsewhere
      ? null
      : await waitForEngine({ env, signal: stopping.signal });
    if (stopping.signal.aborted) return;
    worker = keepRunning({
      name: 'The local worker',
      ...command,
      cwd: CHECKOUT,
      env: workerEnv(env, { engineAddress, usesTestEngine }),
      logFile: logFile(places.logs, 'worker'),
      guard,
      say,
    });
  };
  void run();
  return {
    async stop() {
      stopping.abort();
      await worker?.stop();
    },
  };
}

// Gives the address of the engine that answers, null when told to stop.
async function waitForEngine({ env, signal }) {
  let said = null;
  while (!signal.aborted) {
    const engine = await findEngine(env);
    if (engine.state === 'ready') {
      if (said)
        say('A container engine answers now; the local worker is starting.');
      return engine.address;
    }
    const line = engineProblem(engine);
    if (line !== said && !signal.aborted) say(line);
    said = line;
    await delay(LOOK_AGAIN_MS, undefined, { signal }).catch(() => {});
  }
  return null;
}

/**
 * The local worker's environment. It gets neither the database's address nor the data folder: a worker needs neither
 * anywhere. The test engine is for development only.
 */
export function workerEnv(
  {
    DATABASE_URL,
    IMAGEYARD_DATA,
    BUILD_ENGINE,
    IMAGEYARD_ALLOW_TEST_ENGINE,
    ...env
  },
  { engineAddress, usesTestEngine },
) {
  if (usesTestEngine)
    return { ...env, BUILD_ENGINE: 'fake', IMAGEYARD_ALLOW_TEST_ENGINE: '1' };
  const isReal = BUILD_ENGINE && BUILD_ENGINE !== 'fake';
  return {
    ...env,
    ...(isReal ? { BUILD_ENGINE } : {}),
    ...(engineAddress ? { DOCKER_HOST: engineAddress } : {}),
  };
}

/** Where the local worker reaches the app: the loopback, else the public address. A worker sends nothing over plain http elsewhere. */
export function serverUrlFor({ localUrl, publicUrl }) {
  const isNear = isLoopback(new URL(localUrl).hostname.replace(/^\[|\]$/g, ''));
  return isNear ? localUrl : publicUrl;
}

export function engineProblem({ state, address }) {
  if (state === 'forbidden') {
    if (address.includes('podman'))
      return `This user may not use Podman's socket at ${address}. Start your own (systemctl --user enable --now podman.socket); the local worker then starts by itself.`;
    return `This user may not use the container engine at ${address}. Join its group (sudo usermod -aG docker "$USER", then sign in again); the local worker then starts by itself.`;
  }
  return [
    'No container engine answers here, so nothing can be built yet; everything else works.',
    'Install and start Docker, or Podman with its socket (systemctl enable --now podman.socket), and the local worker starts by itself. To build on another machine that has it: Workers → Connect a worker.',
  ].join('\n');
}
