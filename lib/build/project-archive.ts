import { promisify } from 'node:util';
import { createGzip, gunzip } from 'node:zlib';
import tar from 'tar-stream';
import type { ArchiveFile } from '@/lib/imagespec/archive';
import {
  byCodePoint,
  type ProjectFile,
  type ProjectTree,
} from '@/lib/imagespec/tree';

const inflate = promisify(gunzip);

/** A project as one gzipped tar: files only, in the order of their paths, and the same bytes for the same files. */
export async function packProject(tree: ProjectTree): Promise<Buffer> {
  const pack = tar.pack();
  const packed = pack.pipe(createGzip()) as AsyncIterable<Buffer>;
  for (const [name, { bytes, isExecutable }] of inOrder(tree)) {
    pack.entry(
      { name, mode: isExecutable ? 0o755 : 0o644, mtime: new Date(0) },
      Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    );
  }
  pack.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of packed) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** What `packProject` packed. */
export async function unpackProject(packed: Uint8Array): Promise<ProjectTree> {
  const files = new Map<string, ProjectFile>();
  const extract = tar.extract();
  extract.end(await inflate(packed));
  for await (const entry of extract) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of entry) chunks.push(chunk as Uint8Array);
    files.set(entry.header.name, {
      bytes: Buffer.concat(chunks),
      isExecutable: ((entry.header.mode ?? 0) & 0o100) !== 0,
    });
  }
  return files;
}

/** Paths, sizes and modes of a project's files, in the order of their paths. */
export function listFiles(tree: ProjectTree): ArchiveFile[] {
  return inOrder(tree).map(([path, { bytes, isExecutable }]) => ({
    path,
    size: bytes.byteLength,
    isExecutable,
  }));
}

function inOrder(tree: ProjectTree): [string, ProjectFile][] {
  return [...tree].sort(([a], [b]) => byCodePoint(a, b));
}
