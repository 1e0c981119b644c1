import 'server-only';
import { createGunzip } from 'node:zlib';
import tar, { type Extract, type Header } from 'tar-stream';
import { MAX_PROJECT_BYTES } from '@/lib/imagespec/archive';
import type { AppError } from '@/lib/errors';
import type { ArchiveEntry } from '@/lib/services/archive-entry';
import { asRefusal, refusal } from '@/lib/services/archive-refusal';

/** What is taken of a tar, and how the rest is refused. */
export type TarRules = {
  maxBytes: number;
  tooLarge: () => AppError;
  /** Says what is wrong with an archive that threw this. */
  asRefusal: (error: unknown) => AppError;
};

const PROJECT: TarRules = {
  // Beside the content a tar holds headers and padding.
  maxBytes: MAX_PROJECT_BYTES * 1.25,
  tooLarge: () =>
    refusal(
      'Unpacked, the project is larger than 256 MiB. Leave out what no image needs, such as data, .git and virtual environments.',
    ),
  asRefusal,
};

const KINDS: Partial<Record<Header['type'], ArchiveEntry['kind']>> = {
  file: 'file',
  'contiguous-file': 'file',
  directory: 'folder',
  symlink: 'symlink',
  link: 'hard link',
};

/** Whether these bytes begin as gzip does (RFC 1952 §2.3.1). */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** The entries of a tar, gzipped or not, in order. Throws the rules' refusal for what is none, is cut off, or is a bomb. */
export async function* readTar(
  bytes: Uint8Array,
  rules: TarRules = PROJECT,
): AsyncGenerator<ArchiveEntry> {
  const extract = tar.extract();
  const fed = feed(bytes, extract, rules);
  try {
    for await (const entry of extract) {
      const { name, type, mode, pax } = entry.header;
      const isSparse = Object.keys(pax ?? {}).some((key) =>
        key.startsWith('GNU.sparse.'),
      );
      yield {
        name,
        kind: isSparse ? 'sparse' : (KINDS[type] ?? 'other'),
        isExecutable: (mode & 0o100) !== 0,
        body: readBody(entry, rules),
      };
      entry.resume();
    }
  } catch (error) {
    throw rules.asRefusal(error);
  } finally {
    extract.destroy();
    await fed;
  }
}

// What goes wrong inside an entry is thrown to whoever reads it.
async function* readBody(
  entry: AsyncIterable<unknown>,
  rules: TarRules,
): AsyncGenerator<Uint8Array> {
  try {
    yield* entry as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw rules.asRefusal(error);
  }
}

/** Writes into `extract` as fast as it is read; a failure becomes the failure of `extract`. */
async function feed(
  bytes: Uint8Array,
  extract: Extract,
  rules: TarRules,
): Promise<void> {
  try {
    let size = 0;
    for await (const chunk of inflated(bytes)) {
      if (extract.destroyed) return;
      size += chunk.byteLength;
      if (size > rules.maxBytes) throw rules.tooLarge();
      if (!extract.write(chunk)) await drained(extract);
    }
    extract.end(null);
  } catch (error) {
    extract.destroy(rules.asRefusal(error));
  }
}

function drained(extract: Extract): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      extract.off('drain', done).off('close', done);
      resolve();
    };
    extract.on('drain', done).on('close', done);
  });
}

function inflated(bytes: Uint8Array): AsyncIterable<Uint8Array> | Uint8Array[] {
  return isGzip(bytes)
    ? (createGunzip({ chunkSize: 256 * 1024 }).end(
        bytes,
      ) as AsyncIterable<Uint8Array>)
    : [bytes];
}
