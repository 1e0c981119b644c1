/**
 * Gives each line of a stream as parsed JSON. Lines are put together from bytes, so a character at a chunk border stays
 * whole. Blank lines are skipped; text that is not JSON throws a SyntaxError.
 */
export async function* jsonLines(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<unknown> {
  let rest: Buffer[] = [];
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let from = 0;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, from)) {
      rest.push(bytes.subarray(from, end));
      from = end + 1;
      const line = Buffer.concat(rest).toString('utf8').trim();
      rest = [];
      if (line !== '') yield JSON.parse(line);
    }
    if (from < bytes.length) rest.push(bytes.subarray(from));
  }
  const last = Buffer.concat(rest).toString('utf8').trim();
  if (last !== '') yield JSON.parse(last);
}
