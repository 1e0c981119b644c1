import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { AppError, ERRORS } from '@/lib/errors';
import { log } from '@/lib/log';
import { tryLock } from '@/start/lock.js';
import { type ClaimTools, work } from '@/worker/claim-loop';
import { dockerEngine } from '@/worker/engine-docker/engine';
import { fakeEngine } from '@/worker/engine-fake';
import { type WorkerEnv, workerEnv } from '@/worker/env';
import { readBack } from '@/worker/read-back';
import { renderJob } from '@/worker/render';
import { serverApi } from '@/worker/server-api';

const PROBE_MS = 5_000;
const BACKOFF = { firstMs: 250, maxMs: 5_000 };

function toolsOf(env: WorkerEnv): ClaimTools {
  const say = (line: string) => console.log(line);
  let isAway = false;
  return {
    engine:
      env.engine.kind === 'fake'
        ? fakeEngine()
        : dockerEngine({
            connection: env.engine.docker.options,
            address: env.engine.docker.address,
            addsCaCertificates: env.caBundle !== null,
          }),
    server: serverApi(env.server, env.secret),
    dir: env.dir,
    name: env.name,
    version: ownVersion(),
    probeMs: PROBE_MS,
    backoff: {
      ...BACKOFF,
      random: Math.random,
      onAway: (reason) => {
        if (!isAway)
          say(`No answer from ${env.server} (${reason}); trying on.`);
        isAway = true;
      },
      onBack: () => {
        if (isAway) say(`${env.server} answers again.`);
        isAway = false;
      },
    },
    render: (job, project) => renderJob(job, project, env.caBundle),
    readBack:
      env.engine.kind === 'fake' ? () => Promise.resolve('unknown') : readBack,
    now: Date.now,
    onError: (err) => log.error({ err }, 'an attempt met an error'),
    say,
  };
}

function ownVersion(): string {
  const file = path.join(import.meta.dirname, '../package.json');
  return z
    .object({ version: z.string() })
    .parse(JSON.parse(readFileSync(file, 'utf8'))).version;
}

/** Runs until a signal ends it. Gives the exit code: 0 after a signal, 2 for what must be mended first. */
async function main(): Promise<number> {
  let env: WorkerEnv;
  try {
    env = workerEnv(process.argv.slice(2));
    mkdirSync(env.dir, { recursive: true, mode: 0o700 });
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return 2;
  }
  const { lock } = await tryLock(path.join(env.dir, 'lock'), {});
  if (!lock) {
    console.error(
      `Another worker uses ${env.dir}. Give each its own secret file, or IMAGEYARD_WORKER_DIR.`,
    );
    return 2;
  }
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => stopping.abort());
  }
  try {
    await work(toolsOf(env), stopping.signal);
    return 0;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    console.error(`${error.message} ${ERRORS[error.code].hint}`);
    return 2;
  } finally {
    lock.release();
  }
}

process.exit(await main());
