import tar from 'tar-stream';
import type { BuildInput } from '@/lib/build/engine';

/** The tar an engine builds from: the Dockerfile and the context, the same bytes for the same content. */
export async function packContext(
  dockerfile: string,
  context: BuildInput['context'],
): Promise<Buffer> {
  const pack = tar.pack();
  const add = (name: string, bytes: Uint8Array, mode: number) =>
    pack.entry(
      { name, mode, uid: 0, gid: 0, mtime: new Date(0) },
      Buffer.from(bytes),
    );
  add('Dockerfile', Buffer.from(dockerfile), 0o644);
  for (const [name, { bytes, isExecutable }] of [...context].sort(byName)) {
    add(name, bytes, isExecutable ? 0o755 : 0o644);
  }
  pack.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of pack as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function byName([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : 1;
}
