import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { childrenOf, isAlive } from '@/e2e/support/processes';
import { testEnv } from '@/e2e/support/test-env';
import { until } from '@/e2e/support/until';
import { freePort } from '@/start/test/free-port.js';

const CHECKOUT = path.join(import.meta.dirname, '../..');
// The first start in a fresh clone builds for production.
const START_TIMEOUT_MS = 300_000;
const PARTS = {
  app: /\bnext\b|next-server/,
  worker: /worker\/main\.ts/,
  database: /\bpostgres\b/,
};

type AppPart = keyof typeof PARTS;
export type App = Awaited<ReturnType<typeof startApp>>;

/**
 * Starts an installation as `npm start` does, on an empty data folder and a free
 * port, with this run's engine and the registries' authority trusted. Resolves
 * once it answers. `env` adds to its environment; `data` takes up an earlier folder.
 */
export async function startApp({
  env = {},
  data,
}: { env?: Record<string, string>; data?: string } = {}) {
  const { engine, caBundleFile } = testEnv();
  const parent = data
    ? undefined
    : await mkdtemp(path.join(tmpdir(), 'imageyard-app-'));
  const dataFolder = data ?? path.join(parent ?? '', 'data');
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const supervisor = spawn(process.execPath, ['start/main.js'], {
    cwd: CHECKOUT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      DATABASE_URL: '',
      PUBLIC_URL: '',
      HOST: '127.0.0.1',
      PORT: String(port),
      IMAGEYARD_DATA: dataFolder,
      DOCKER_HOST: engine.host,
      NODE_EXTRA_CA_CERTS: caBundleFile,
      IMAGEYARD_BUILD_CA: caBundleFile,
      ...env,
    },
  });
  let output = '';
  for (const stream of [supervisor.stdout, supervisor.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const exited = new Promise<void>((resolve) =>
    supervisor.on('close', () => resolve()),
  );
  const hasEnded = () =>
    supervisor.exitCode !== null || supervisor.signalCode !== null;

  const stop = async () => {
    if (!hasEnded()) supervisor.kill('SIGTERM');
    await exited;
    if (parent) await rm(parent, { recursive: true, force: true });
  };
  try {
    await until(
      'The start of the app',
      () => {
        if (hasEnded()) throw new Error(`npm start ended:\n${output}`);
        return output.includes(`is running at ${url}`);
      },
      START_TIMEOUT_MS,
    );
  } catch (error) {
    await stop();
    throw error;
  }

  const pidOf = (part: AppPart) =>
    childrenOf(supervisor.pid).find(({ command }) => PARTS[part].test(command))
      ?.pid;
  const isHealthy = () =>
    fetch(`${url}/api/health`).then(
      ({ ok }) => ok,
      () => false,
    );

  return {
    url,
    dataFolder,
    /** What the start printed so far. */
    output: () => output,
    /** The one-time link that makes the owner. */
    setUpLink: () => {
      const link = /http:\S+\/set-up#\S+/.exec(output)?.[0];
      if (!link) throw new Error(`No set-up link was printed:\n${output}`);
      return link;
    },
    /** The log of one part, as it stands. */
    log: (part: AppPart) =>
      readFile(path.join(dataFolder, `logs/${part}.log`), 'utf8').catch(
        () => '',
      ),
    pidOf,
    /** Kills one part with `kill -9` and waits until the start has brought up another and the app answers. */
    async kill(part: AppPart): Promise<void> {
      const pid = await until(`The ${part}`, () => pidOf(part), 30_000);
      process.kill(pid, 'SIGKILL');
      await until(`The end of the ${part}`, () => !isAlive(pid), 10_000);
      await until(`Another ${part}`, () => pidOf(part), 60_000);
      await until('An answer of the app', isHealthy, 60_000);
    },
    /** Stops everything, as Ctrl-C does, and removes the data folder it was not given. */
    stop,
  };
}
