import path from 'node:path';
import { Readable } from 'node:stream';
import type Docker from 'dockerode';
import tar from 'tar-stream';
import { z } from 'zod';
import type { OpenImage, Wanted } from '@/lib/build/engine';
import { EngineAnswerError, engineError } from '@/worker/engine-docker/dial';
import {
  createStill,
  removeStill,
} from '@/worker/engine-docker/still-container';
import { toVariables } from '@/worker/image-variables';

/** Looks into a local image through a container that is never started. What is being read ends when `signal` aborts. */
export async function openImage(
  docker: Docker,
  image: string,
  signal: AbortSignal,
): Promise<OpenImage> {
  const { Config } = await docker.getImage(image).inspect();
  const container = await createStill(docker, image);
  return {
    env: toVariables(Config.Env ?? []),
    stat: async (place) => {
      const asked = container.infoArchive({ path: place }) as Promise<unknown>;
      const answer = await found(asked);
      return answer === null ? null : { changedAt: changeOf(answer) };
    },
    read: (place, wanted) => read(container, place, wanted, signal),
    close: () => removeStill(docker, image),
  };
}

const Head = z.object({
  headers: z.object({ 'x-docker-container-path-stat': z.base64() }),
});
const PathStat = z.object({ mtime: z.string(), linkTarget: z.string() });

/** The time of an answer about a path; `null` of a link, whose target has another, and of a whole second. */
function changeOf(answer: unknown): string | null {
  const { data } = Head.safeParse(answer);
  if (!data) return null;
  const text = Buffer.from(
    data.headers['x-docker-container-path-stat'],
    'base64',
  ).toString();
  const { mtime, linkTarget } = PathStat.parse(JSON.parse(text));
  return linkTarget === '' && /\.\d/.test(mtime) ? mtime : null;
}

/** The answer, or `null` when there is no such path. */
async function found<Answer>(asked: Promise<Answer>): Promise<Answer | null> {
  try {
    return await asked;
  } catch (error) {
    const known = engineError(error);
    if (known instanceof EngineAnswerError && known.status === 404) return null;
    throw known;
  }
}

async function* read(
  container: Docker.Container,
  place: string,
  wanted: Wanted,
  signal: AbortSignal,
): AsyncGenerator<{ file: string; head: Buffer }> {
  signal.throwIfAborted();
  const archive = await found(container.getArchive({ path: place }));
  if (!archive) return;
  const entries = tar.extract();
  const stop = () => entries.destroy(new Error('The look was ended.'));
  signal.addEventListener('abort', stop);
  archive.on('error', (error: Error) => entries.destroy(error));
  archive.pipe(entries);
  try {
    for await (const entry of entries) {
      const file = underPlace(place, entry.header.name);
      const size = entry.header.type === 'file' ? wanted.file(file) : 0;
      if (size > 0) yield { file, head: await readHead(entry, size) };
      entry.resume();
    }
  } finally {
    signal.removeEventListener('abort', stop);
    entries.destroy();
    if (archive instanceof Readable) archive.destroy();
  }
}

/** An archive names its entries from the last part of the path that was asked for. */
function underPlace(place: string, name: string): string {
  const base = path.posix.basename(place);
  const relative = path.posix.normalize(name).replace(/\/$/, '');
  return relative === base || relative === '.'
    ? ''
    : relative.startsWith(`${base}/`)
      ? relative.slice(base.length + 1)
      : relative;
}

async function readHead(
  entry: AsyncIterable<unknown>,
  size: number,
): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const chunk of entry as AsyncIterable<Buffer>) {
    // The rest has to run by: the next entry comes behind it.
    if (length < size) parts.push(chunk.subarray(0, size - length));
    length += chunk.length;
  }
  return Buffer.concat(parts);
}
