import 'server-only';
import yauzl from 'yauzl';
import type { ArchiveEntry } from '@/lib/services/archive-entry';
import { asRefusal, refusal } from '@/lib/services/archive-refusal';

const TYPE_MASK = 0o170000;
const TYPES: Record<number, ArchiveEntry['kind']> = {
  0: 'file',
  0o100000: 'file',
  0o040000: 'folder',
  0o120000: 'symlink',
};

/** The entries of a zip, in the order of its directory. Throws INVALID_INPUT for what is none, is encrypted or damaged. */
export async function* readZip(
  bytes: Uint8Array,
): AsyncGenerator<ArchiveEntry> {
  try {
    // Names are checked where those of a tar are, so the library does not decode them.
    const zip = await yauzl.fromBufferPromise(
      Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
      {
        lazyEntries: true,
        decodeStrings: false,
      },
    );
    for await (const entry of zip.eachEntry()) yield toEntry(zip, entry);
  } catch (error) {
    if (/encrypt/i.test(String(error))) throw encrypted();
    throw asRefusal(error);
  }
}

function toEntry(zip: yauzl.ZipFile, entry: yauzl.Entry): ArchiveEntry {
  if (entry.isEncrypted()) throw encrypted();
  // Windows writes folders with backslashes; the last argument lets them become slashes.
  const name = yauzl.getFileNameLowLevel(
    entry.generalPurposeBitFlag,
    entry.fileNameRaw,
    entry.extraFields,
    false,
  );
  const mode = entry.externalFileAttributes >>> 16;
  const kind = TYPES[mode & TYPE_MASK] ?? 'other';
  return {
    name,
    kind: kind === 'file' && name.endsWith('/') ? 'folder' : kind,
    isExecutable: (mode & 0o100) !== 0,
    body: readBody(zip, entry),
  };
}

async function* readBody(
  zip: yauzl.ZipFile,
  entry: yauzl.Entry,
): AsyncGenerator<Uint8Array> {
  if (!entry.canDecodeFileData()) {
    throw refusal(
      'The zip is compressed in a way that is not read here. Pack it with deflate, which is what most programs do, or as .tar.gz.',
    );
  }
  try {
    yield* (await zip.openReadStreamPromise(
      entry,
    )) as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw asRefusal(error);
  }
}

function encrypted() {
  return refusal('The zip is encrypted. Pack it without a password.');
}
