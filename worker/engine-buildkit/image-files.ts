import { z } from 'zod';
import type { Bridge } from '@/worker/engine-buildkit/bridge';
import { wordsOf } from '@/worker/engine-buildkit/control-error';

const CHUNK_BYTES = 4 * 1024 * 1024;
/** The system's words for a path that is not there, in an answer that has no code of its own for it. */
const NOTHING_THERE = /no such file or directory|not a directory/;
// Bits of Go's file modes, which BuildKit sends.
const FOLDER = 0x8000_0000;
const LINK = 0x0800_0000;
const NOT_REGULAR = 0x8f28_0000;

const Stat = z.object({
  /** Its name, in a list of a folder. */
  path: z.string(),
  mode: z.number(),
  /** Nanoseconds, to some 200 of them: a number is not more exact. */
  modTime: z.number(),
});
export type Stat = z.infer<typeof Stat>;
const Entries = z.object({ entries: z.array(Stat) });
const Found = z.object({ stat: Stat });
const Content = z.object({ Data: z.instanceof(Uint8Array) });

export const isFolder = ({ mode }: Stat) => (mode & FOLDER) !== 0;
export const isFile = ({ mode }: Stat) => (mode & NOT_REGULAR) === 0;
const isLink = ({ mode }: Stat) => (mode & LINK) !== 0;

/** The files of what a build made. Rejects with grpc's own error. */
export class ImageFiles {
  readonly #bridge: Bridge;
  readonly #lists = new Map<string, Promise<Map<string, Stat> | null>>();

  constructor(bridge: Bridge) {
    this.#bridge = bridge;
  }

  /**
   * What is at an absolute path, behind links; `null` for nothing. It goes down from the root by lists of folders: a
   * daemon writes an error into its log for each path that it is asked for in vain.
   */
  async stat(place: string): Promise<Stat | null> {
    const names = place.split('/').filter(Boolean);
    let at = '/';
    let stat: Stat | undefined;
    for (const name of names) {
      stat = (await this.list(at))?.get(name);
      if (!stat) return null;
      at = at === '/' ? `/${name}` : `${at}/${name}`;
    }
    if (stat && !isLink(stat)) return stat;
    const found = await this.#find('StatFile', { Path: place });
    return found && Found.parse(found).stat;
  }

  /** What is in a folder, by name; `null` when there is no such folder. */
  list(place: string): Promise<Map<string, Stat> | null> {
    const list =
      this.#lists.get(place) ??
      this.#find('ReadDir', { DirPath: place }).then(
        (found) =>
          found &&
          new Map(
            Entries.parse(found).entries.map((entry) => [entry.path, entry]),
          ),
      );
    this.#lists.set(place, list);
    return list;
  }

  /** The first `size` bytes of a file, fewer of a shorter one. */
  async head(file: string, size: number): Promise<Buffer> {
    const parts: Uint8Array[] = [];
    for (let offset = 0; offset < size;) {
      const length = Math.min(CHUNK_BYTES, size - offset);
      const answer = await this.#bridge.ask('ReadFile', {
        FilePath: file,
        Range: { Offset: offset, Length: length },
      });
      const { Data } = Content.parse(answer);
      parts.push(Data);
      offset += Data.length;
      if (Data.length < length) break;
    }
    return Buffer.concat(parts);
  }

  async #find(method: 'StatFile' | 'ReadDir', request: object) {
    try {
      return await this.#bridge.ask(method, { ...request });
    } catch (error) {
      if (NOTHING_THERE.test(wordsOf(error))) return null;
      throw error;
    }
  }
}
