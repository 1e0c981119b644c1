import { deflateRawSync, gzipSync } from 'node:zlib';
import tar, { type Header } from 'tar-stream';

/** Archives as tests need them, hostile ones above all: nothing of what is written is checked. */

export type TarEntry = Partial<Header> & {
  name: string;
  text?: string | Buffer;
};

/** A tar of these entries, in order. */
export async function tarOf(...entries: TarEntry[]): Promise<Buffer> {
  const pack = tar.pack();
  for (const { text = '', ...header } of entries) {
    const holdsText = header.type === undefined || header.type === 'file';
    if (holdsText) pack.entry(header, Buffer.from(text));
    else pack.entry(header);
  }
  pack.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of pack) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** The first entry of a tar with another header, and no end; POSIX.1-2017, pax, "ustar interchange format". */
export function withHeader(
  archive: Buffer,
  header: { type?: string; size?: number },
): Buffer {
  const entry = Buffer.from(archive.subarray(0, 1024));
  if (header.size !== undefined)
    entry.write(header.size.toString(8).padStart(11, '0'), 124, 'latin1');
  if (header.type !== undefined) entry.write(header.type, 156, 'latin1');
  entry.fill(' ', 148, 156);
  const sum = entry.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  entry.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return entry;
}

/** A gzipped tar of these entries. */
export async function tgzOf(...entries: TarEntry[]): Promise<Buffer> {
  return gzipSync(await tarOf(...entries));
}

export type ZipEntry = {
  name: string | Buffer;
  text?: string | Buffer;
  /** Type and permissions as Unix has them; 0 for a zip of Windows. */
  mode?: number;
  method?: number;
  flags?: number;
  /** What the headers say the unpacked size is. */
  claimedSize?: number;
  /** Points at the content of the entry before. */
  isOverlapping?: boolean;
};

const UTF8 = 0x800;

/** A zip of these entries, in order. */
export function zipOf(...entries: ZipEntry[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  let place = 0;
  let packed = Buffer.alloc(0);
  for (const entry of entries) {
    const { text = '', mode = 0o100644, method = 8, flags = UTF8 } = entry;
    const name = Buffer.from(entry.name);
    const plain = Buffer.from(text);
    if (!entry.isOverlapping) {
      packed = method === 8 ? deflateRawSync(plain) : plain;
      place = offset;
    }
    const header = Buffer.alloc(26);
    header.writeUInt16LE(20, 0);
    header.writeUInt16LE(flags, 2);
    header.writeUInt16LE(method, 4);
    header.writeUInt32LE(packed.length, 14);
    header.writeUInt32LE(entry.claimedSize ?? plain.length, 18);
    header.writeUInt16LE(name.length, 22);
    if (!entry.isOverlapping) {
      const local = [Buffer.from('PK\x03\x04'), header, name, packed];
      parts.push(...local);
      offset += local.reduce((size, part) => size + part.length, 0);
    }
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(((mode & 0xffff) << 16) >>> 0, 6);
    rest.writeUInt32LE(place, 10);
    const madeBy = Buffer.from([20, mode === 0 ? 0 : 3]);
    directory.push(Buffer.from('PK\x01\x02'), madeBy, header, rest, name);
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...parts, central, Buffer.from('PK\x05\x06'), end]);
}
