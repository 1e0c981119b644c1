import type { BuildInput, OpenImage, Wanted } from '@/lib/build/engine';
import { answersFor } from '@/worker/buildkit/answers';
import { openSession } from '@/worker/buildkit/session';
import { openBridge } from '@/worker/engine-buildkit/bridge';
import type { Control } from '@/worker/engine-buildkit/control';
import {
  ImageFiles,
  isFile,
  isFolder,
  type Stat,
} from '@/worker/engine-buildkit/image-files';
import { dockerfileAttributes } from '@/worker/engine-buildkit/solve';
import { toVariables } from '@/worker/image-variables';

const NS_PER_SECOND = 1_000_000_000;
const ENTRIES_AT_ONCE = 16;

/**
 * Looks into what was built by solving it again, which finds every step in the cache, in a build that exports nothing.
 * The connection is this look's own.
 */
export async function openBuilt(
  control: Control,
  input: BuildInput,
  signal: AbortSignal,
): Promise<OpenImage> {
  const session = await openSession(answersFor(input), (headers) =>
    Promise.resolve(control.session(headers)),
  );
  try {
    const attributes = dockerfileAttributes({ ...input.job, noCache: false });
    const bridge = await openBridge(control, session.id, attributes, signal);
    const files = new ImageFiles(bridge);
    return {
      env: toVariables(bridge.variables),
      stat: async (place) => {
        const stat = await files.stat(place);
        if (!stat) return null;
        const isExact = stat.modTime % NS_PER_SECOND !== 0;
        return { changedAt: isExact ? String(stat.modTime) : null };
      },
      read: async function* (place, wanted) {
        const stat = await files.stat(place);
        if (!stat) return;
        if (isFolder(stat)) yield* readFolder(files, place, '', wanted);
        else yield* await readEntry(files, place, '', stat, wanted);
      },
      close: async () => {
        await bridge.close();
        session.close();
      },
    };
  } catch (error) {
    session.close();
    throw error;
  }
}

type Head = { file: string; head: Buffer };

/** What is wanted of a folder, so many entries at a time: each costs a way to the daemon and back. */
async function* readFolder(
  files: ImageFiles,
  place: string,
  folder: string,
  wanted: Wanted,
): AsyncGenerator<Head> {
  const list = await files.list(folder === '' ? place : `${place}/${folder}`);
  const entries = [...(list ?? [])];
  for (let at = 0; at < entries.length; at += ENTRIES_AT_ONCE) {
    const heads = await Promise.all(
      entries.slice(at, at + ENTRIES_AT_ONCE).map(([name, stat]) => {
        const path = folder === '' ? name : `${folder}/${name}`;
        return readEntry(files, place, path, stat, wanted);
      }),
    );
    yield* heads.flat();
  }
}

async function readEntry(
  files: ImageFiles,
  place: string,
  path: string,
  stat: Stat,
  wanted: Wanted,
): Promise<Head[]> {
  const heads: Head[] = [];
  if (isFolder(stat)) {
    if (!wanted.folder(path)) return heads;
    for await (const head of readFolder(files, place, path, wanted))
      heads.push(head);
    return heads;
  }
  const size = isFile(stat) ? wanted.file(path) : 0;
  const file = path === '' ? place : `${place}/${path}`;
  if (size > 0) heads.push({ file: path, head: await files.head(file, size) });
  return heads;
}
