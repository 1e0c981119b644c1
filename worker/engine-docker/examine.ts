import { randomUUID } from 'node:crypto';
import { statfs } from 'node:fs/promises';
import type Docker from 'dockerode';
import { z } from 'zod';
import type { ExamineRequest } from '@/lib/build/engine';
import type { Finding } from '@/lib/build/doctor';
import { findingsOf } from '@/worker/doctor/finding';
import { tinyProgram } from '@/worker/doctor/tiny-program';
import { buildImage } from '@/worker/engine-docker/build';
import { packContext } from '@/worker/engine-docker/context';
import { dialJson } from '@/worker/engine-docker/dial';
import { askRegistries } from '@/worker/engine-docker/examine-registries';
import { StepTracker } from '@/worker/buildkit/steps';

const GIB = 1024 ** 3;
const LOW_BYTES = 10 * GIB;
const EMPTY_BYTES = 2 * GIB;
/** Above both of BuildKit's own limits (200 KiB a second, 2 MiB a step), with pauses that no engine chokes on. */
const BURST = { chunkBytes: 64 * 1024, times: 44, pauseMs: 20 };
const TRIAL_MS = 60_000;

/** Looks at everything that makes builds fail without being their fault. Never rejects for what it finds. */
export async function examineDocker(
  docker: Docker,
  isLocal: boolean,
  request: ExamineRequest,
  signal: AbortSignal,
): Promise<Finding[]> {
  const version = await readVersion(docker, signal);
  const findings = [
    findingsOf('engine')('good', 'ready', {
      version: `Docker ${version.Version}`,
    }),
  ];
  const native = version.Arch === 'arm64' ? 'arm64' : 'amd64';
  // One after the other: a trial must not slow the next.
  findings.push(await tryLogLimit(docker, native, signal));
  findings.push(await lookAtDisk(docker, isLocal, signal));
  findings.push(...(await tryPlatforms(docker, native, request, signal)));
  findings.push(...(await askRegistries(docker, request.registries, signal)));
  return findings;
}

const Version = z.object({ Version: z.string(), Arch: z.string() });

async function readVersion(docker: Docker, signal: AbortSignal) {
  return Version.parse(
    await dialJson(docker, {
      path: '/version',
      method: 'GET',
      abortSignal: signal,
      statusCodes: { 200: true },
    }),
  );
}

type Trial = { error: string | null; clipped: string | null; isStuck: boolean };

/** Runs one program in an image of nothing else, without the cache, and removes the image. */
async function tryProgram(
  docker: Docker,
  program: Buffer,
  platform: string,
  signal: AbortSignal,
): Promise<Trial> {
  const name = `imageyard-trial:${randomUUID()}`;
  const tracker = new StepTracker();
  const trial: Trial = { error: null, clipped: null, isStuck: false };
  const limit = AbortSignal.any([signal, AbortSignal.timeout(TRIAL_MS)]);
  try {
    const answer = await buildImage(
      docker,
      {
        tar: await packContext(
          'FROM scratch\nCOPY program /program\nRUN ["/program"]\n',
          new Map([['program', { bytes: program, isExecutable: true }]]),
        ),
        name,
        platform,
        noCache: true,
        answers: {
          credential: () => Promise.resolve(undefined),
          secret: () => undefined,
        },
      },
      {
        onTrace: (trace) => {
          for (const event of tracker.apply(trace))
            if (event.kind === 'clipped') trial.clipped ??= event.reason;
        },
        onStuck: () => (trial.isStuck = true),
      },
      limit,
    );
    trial.error = answer.error;
    return trial;
  } finally {
    await docker
      .getImage(name)
      .remove({ force: true })
      .catch(() => undefined);
  }
}

async function tryLogLimit(
  docker: Docker,
  native: 'amd64' | 'arm64',
  signal: AbortSignal,
): Promise<Finding> {
  const finding = findingsOf('log_limit');
  const line = `${'.'.repeat(63)}\n`;
  const program = tinyProgram(native, {
    text: Buffer.from(line.repeat(BURST.chunkBytes / line.length)),
    times: BURST.times,
    pauseMs: BURST.pauseMs,
  });
  try {
    const trial = await tryProgram(docker, program, `linux/${native}`, signal);
    if (trial.clipped !== null)
      return finding('warn', 'clipped', { limit: trial.clipped });
    if (trial.isStuck) return finding('warn', 'stuck');
    if (trial.error !== null)
      return finding('warn', 'untried', { reason: 'A trial build failed.' });
    return finding('good', 'raised');
  } catch (error) {
    if (signal.aborted) throw error;
    return finding('warn', 'untried', {
      reason: 'A trial build did not come to its end.',
    });
  }
}

const Info = z.object({ DockerRootDir: z.string() });
const Usage = z.object({
  BuildCache: z
    .array(z.object({ Size: z.number() }))
    .nullish()
    .transform((cache) => cache ?? []),
});

async function lookAtDisk(
  docker: Docker,
  isLocal: boolean,
  signal: AbortSignal,
): Promise<Finding> {
  const get = (path: string) =>
    dialJson(docker, {
      path,
      method: 'GET',
      abortSignal: signal,
      statusCodes: { 200: true },
    });
  const { DockerRootDir: folder } = Info.parse(await get('/info'));
  const { BuildCache: cache } = Usage.parse(await get('/system/df'));
  const cacheBytes = cache.reduce((sum, { Size }) => sum + Size, 0);
  const finding = findingsOf('disk');
  const freeBytes = isLocal ? await freeOf(folder) : null;
  if (freeBytes === null) return finding('info', 'elsewhere', { cacheBytes });
  const facts = { freeBytes, cacheBytes };
  if (freeBytes >= LOW_BYTES) return finding('good', 'free', facts);
  return finding(freeBytes < EMPTY_BYTES ? 'bad' : 'warn', 'low', facts);
}

async function freeOf(folder: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    return null;
  }
}

/** The engine's own platform, and whether it emulates the other that images are made for. */
async function tryPlatforms(
  docker: Docker,
  native: 'amd64' | 'arm64',
  { platforms }: ExamineRequest,
  signal: AbortSignal,
): Promise<Finding[]> {
  const other = native === 'amd64' ? 'arm64' : 'amd64';
  const foreign = `linux/${other}`;
  const program = tinyProgram(other, {
    text: Buffer.from('.\n'),
    times: 1,
    pauseMs: 0,
  });
  const runs = await tryProgram(docker, program, foreign, signal)
    .then(({ error }) => error === null)
    .catch(() => false);
  signal.throwIfAborted();
  const found = findingsOf('platform', foreign);
  return [
    findingsOf('platform', `linux/${native}`)('good', 'native'),
    runs
      ? found('good', 'emulated')
      : found(platforms.includes(foreign) ? 'warn' : 'info', 'missing'),
  ];
}
