import { z } from 'zod';
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
const Config = z.object({
  config: z.object({ Env: z.array(z.string()).nullish() }).nullish(),
});

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
    const { config } = Config.parse(JSON.parse(bridge.config));
    return {
      env: toVariables(config?.Env ?? []),
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
        else yield* readFile(files, place, '', stat, wanted);
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

type ReadFiles = AsyncGenerator<{ file: string; head: Buffer }>;

async function* readFolder(
  files: ImageFiles,
  place: string,
  folder: string,
  wanted: Wanted,
): ReadFiles {
  const entries = await files.list(
    folder === '' ? place : `${place}/${folder}`,
  );
  for (const [name, stat] of entries ?? []) {
    const path = folder === '' ? name : `${folder}/${name}`;
    if (!isFolder(stat)) yield* readFile(files, place, path, stat, wanted);
    else if (wanted.folder(path)) yield* readFolder(files, place, path, wanted);
  }
}

async function* readFile(
  files: ImageFiles,
  place: string,
  file: string,
  stat: Stat,
  wanted: Wanted,
): ReadFiles {
  const size = isFile(stat) ? wanted.file(file) : 0;
  if (size === 0) return;
  const path = file === '' ? place : `${place}/${file}`;
  yield { file, head: await files.head(path, size) };
}
