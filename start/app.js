import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { nextCommand } from './build.js';
import { CHECKOUT } from './config.js';
import { StartError } from './start-error.js';

const PATIENCE_MS = 120_000;
// An app that ends this often without ever answering will not answer.
const MAX_ENDINGS = 3;

export function appCommand({ mode, host, port }) {
  return {
    command: process.execPath,
    args: [nextCommand(CHECKOUT), mode, '-H', host, '-p', String(port)],
  };
}

/** The environment of the app and of what works on its database. A test engine is for tests and development only. */
export function appEnv({ mode, env, databaseUrl, dataFolder, publicUrl }) {
  const { BUILD_ENGINE, IMAGEYARD_ALLOW_TEST_ENGINE, ...rest } = env;
  const testEngine =
    mode === 'dev' &&
    (IMAGEYARD_ALLOW_TEST_ENGINE === '1' || BUILD_ENGINE === 'fake');
  return {
    ...rest,
    NODE_ENV: mode === 'dev' ? 'development' : 'production',
    DATABASE_URL: databaseUrl,
    IMAGEYARD_DATA: dataFolder,
    PUBLIC_URL: publicUrl,
    NEXTAUTH_URL: publicUrl,
    NEXT_TELEMETRY_DISABLED: '1',
    IMAGEYARD_ALLOW_TEST_ENGINE: testEngine ? '1' : '0',
  };
}

/** Whether this process may listen there; if not, one line naming the variable to change. */
export async function checkPort({ host, port }) {
  const server = createServer();
  try {
    await new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host, port, exclusive: true }, resolve);
    });
  } catch (error) {
    throw new StartError(portProblem(error.code, host, port), { cause: error });
  }
  await new Promise((resolve) => server.close(resolve));
}

export function portProblem(code, host, port) {
  if (code === 'EADDRINUSE') {
    return `Port ${port} on ${host} is in use by another program. Choose another: PORT=${port + 1} npm start`;
  }
  if (code === 'EACCES') {
    return `Port ${port} needs more rights than this user has. Choose one from 1024 up: PORT=3000 npm start`;
  }
  return `HOST=${host} is not an address of this machine (${code}). Use 127.0.0.1, or 0.0.0.0 for every address.`;
}

export async function isHealthy(localUrl) {
  try {
    const response = await fetch(`${localUrl}/api/health`, {
      signal: AbortSignal.timeout(2_000),
    });
    await response.body?.cancel();
    return response.status === 200;
  } catch {
    return false;
  }
}

export async function waitUntilHealthy(app, { localUrl, logFile, signal }) {
  const giveUpAt = Date.now() + PATIENCE_MS;
  while (!(await isHealthy(localUrl))) {
    signal.throwIfAborted();
    if (app.endings() >= MAX_ENDINGS || Date.now() > giveUpAt) {
      throw new StartError(
        `The app does not answer at ${localUrl}. Log: ${logFile}`,
      );
    }
    await delay(100);
  }
}
