import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { BuildEngine } from '@/lib/build/engine';
import { AppError, ERRORS } from '@/lib/errors';
import { log } from '@/lib/log';
import { tryLock } from '@/start/lock.js';
import type { Backoff } from '@/worker/backoff';
import { type ClaimTools, work } from '@/worker/claim-loop';
import { apiEngine } from '@/worker/engine-api';
import { buildKitEngine } from '@/worker/engine-buildkit/engine';
import { fakeEngine } from '@/worker/engine-fake';
import { type WorkerEnv, workerEnv } from '@/worker/env';
import { enrol, putAside } from '@/worker/identity';
import { readBack } from '@/worker/read-back';
import { renderJob } from '@/worker/render';
import { enrollerAt, ServerAway, serverApi } from '@/worker/server-api';

const PROBE_MS = 5_000;
const BACKOFF = { firstMs: 250, maxMs: 5_000 };

const say = (line: string) => console.log(line);

function toolsOf(env: WorkerEnv, secret: string, backoff: Backoff): ClaimTools {
  return {
    engine: engineOf(env),
    server: serverApi(env.server, secret),
    dir: env.dir,
    version: ownVersion(),
    probeMs: PROBE_MS,
    backoff,
    render: (job, project) => renderJob(job, project, env.caBundle),
    readBack:
      env.engine.kind === 'fake' ? () => Promise.resolve('unknown') : readBack,
    packages: { images: new Map(), folders: new Map() },
    now: Date.now,
    onError: (err) => log.error({ err }, 'an attempt met an error'),
    say,
  };
}

function engineOf({ engine, caBundle }: WorkerEnv): BuildEngine {
  const addsCaCertificates = caBundle !== null;
  switch (engine.kind) {
    case 'api':
      return apiEngine({
        connection: engine.connection.options,
        address: engine.connection.address,
        addsCaCertificates,
        wanted: engine.wanted,
      });
    case 'buildkit':
      return buildKitEngine({ connection: engine.daemon, addsCaCertificates });
    case 'fake':
      return fakeEngine();
  }
}

/** Says once that the server is away, and once that it is back. */
function backoffTo(server: string): Backoff {
  let isAway = false;
  return {
    ...BACKOFF,
    random: Math.random,
    onAway: (reason) => {
      if (!isAway) say(`No answer from ${server} (${reason}); trying on.`);
      isAway = true;
    },
    onBack: () => {
      if (isAway) say(`${server} answers again.`);
      isAway = false;
    },
  };
}

/** The secret it has, or the one it is given a place for by its code. */
async function secretOf(
  { identity, dir, server }: WorkerEnv,
  backoff: Backoff,
  signal: AbortSignal,
): Promise<string> {
  if ('secret' in identity) return identity.secret;
  const { secret, name } = await enrol(
    { dir, server, code: identity.code },
    ownVersion(),
    enrollerAt(server),
    backoff,
    signal,
  );
  say(`Connected to ${server} as ${name}. From now on no code is needed.`);
  return secret;
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
      `Another worker uses ${env.dir}. Give each a folder of its own with IMAGEYARD_WORKER_DIR.`,
    );
    return 2;
  }
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => stopping.abort());
  }
  try {
    const backoff = backoffTo(env.server);
    const secret = await secretOf(env, backoff, stopping.signal);
    await work(toolsOf(env, secret, backoff), stopping.signal);
    return 0;
  } catch (error) {
    if (stopping.signal.aborted && error instanceof ServerAway) return 0;
    if (!(error instanceof AppError)) throw error;
    console.error(`${error.message} ${ERRORS[error.code].hint}`);
    const isUnknown = error.code === 'WORKER_UNKNOWN';
    if (isUnknown && 'secret' in env.identity && env.identity.isOfFolder)
      putAside(env.dir);
    return 2;
  } finally {
    lock.release();
  }
}

process.exit(await main());
