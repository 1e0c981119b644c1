import { randomUUID } from 'node:crypto';
import { statfs } from 'node:fs/promises';
import type Docker from 'dockerode';
import { z } from 'zod';
import type { ExamineRequest } from '@/lib/build/engine';
import type { Finding } from '@/lib/build/doctor';
import {
  trialAnswers,
  tryLogLimit,
  tryPlatforms,
  type Trial,
  type TryProgram,
  watchTrial,
} from '@/worker/buildkit/trials';
import { findingsOf } from '@/worker/doctor/finding';
import { askThroughEngine } from '@/worker/doctor/registry-answer';
import { buildImage } from '@/worker/engine-docker/build';
import { dialJson, EngineAnswerError } from '@/worker/engine-docker/dial';

const GIB = 1024 ** 3;
const LOW_BYTES = 10 * GIB;
const EMPTY_BYTES = 2 * GIB;

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
  const run: TryProgram = (...program) => tryProgram(docker, ...program);
  findings.push(await tryLogLimit(run, native, signal));
  findings.push(await lookAtDisk(docker, isLocal, signal));
  findings.push(...(await tryPlatforms(run, native, request, signal)));
  findings.push(
    ...(await askThroughEngine(
      request.registries,
      (image, limit) => lookFor(docker, image, limit),
      signal,
    )),
  );
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

/** Runs one program in an image of nothing else, and removes the image. */
async function tryProgram(
  docker: Docker,
  program: Buffer,
  platform: string,
  signal: AbortSignal,
): Promise<Trial> {
  const name = `imageyard-trial:${randomUUID()}`;
  const { trial, see } = watchTrial();
  try {
    const answer = await buildImage(
      docker,
      { name, platform, noCache: true, answers: trialAnswers(program) },
      { onTrace: see, onStuck: () => (trial.isStuck = true) },
      signal,
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

/** The engine's words about an image; `null` when it is there. */
async function lookFor(
  docker: Docker,
  image: string,
  signal: AbortSignal,
): Promise<string | null> {
  try {
    await dialJson(docker, {
      path: `/distribution/${image}/json`,
      method: 'GET',
      abortSignal: signal,
      statusCodes: { 200: true },
    });
    return null;
  } catch (error) {
    if (error instanceof EngineAnswerError) return error.message;
    throw error;
  }
}
