import tar from 'tar-stream';

/** The tar an engine builds from: the Dockerfile and the context, the same bytes for the same content. */
export async function packContext(
  dockerfile: string,
  context: ReadonlyMap<string, Uint8Array>,
): Promise<Buffer> {
  const pack = tar.pack();
  const files = new Map([...context, ['Dockerfile', Buffer.from(dockerfile)]]);
  for (const [name, bytes] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    pack.entry(
      { name, mode: 0o644, uid: 0, gid: 0, mtime: new Date(0) },
      Buffer.from(bytes),
    );
  }
  pack.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of pack as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
