import { Readable } from 'node:stream';
import type Docker from 'dockerode';
import tar from 'tar-stream';
import { createStill } from '@/worker/engine-docker/still-container';

/** ELF header, e_machine at byte 18: the machine a program runs on, in the words of an image's architecture. */
const MACHINES: Record<number, string> = {
  3: '386',
  21: 'ppc64le',
  22: 's390x',
  40: 'arm',
  62: 'amd64',
  183: 'arm64',
  243: 'riscv64',
};
const PROGRAMS = ['/bin/sh', '/usr/bin/env', '/bin/busybox'];
const MAX_LINKS = 6;

/** The architecture in an ELF header, `null` for anything else. */
export function elfArchitecture(header: Uint8Array): string | null {
  const bytes = Buffer.from(header);
  if (bytes.length < 20 || bytes.readUInt32BE(0) !== 0x7f454c46) return null;
  const isBigEndian = bytes[5] === 2;
  const machine = isBigEndian ? bytes.readUInt16BE(18) : bytes.readUInt16LE(18);
  return MACHINES[machine] ?? null;
}

/**
 * The architecture an image's own programs are made for, `null` when it has none of the usual ones. BuildKit labels an
 * image as asked for, even when its base is of another architecture, so the label alone proves nothing. Reads from a
 * container that is never started.
 */
export async function programArchitecture(
  docker: Docker,
  image: string,
): Promise<string | null> {
  const container = await createStill(docker, image);
  try {
    for (const program of PROGRAMS) {
      const header = await readHeader(container, program);
      const architecture = header && elfArchitecture(header);
      if (architecture) return architecture;
    }
    return null;
  } finally {
    await container.remove({ force: true, v: true });
  }
}

async function readHeader(
  container: Docker.Container,
  program: string,
): Promise<Buffer | null> {
  let path = program;
  for (let links = 0; links < MAX_LINKS; links += 1) {
    const entry = await firstEntry(container, path);
    if (entry === null) return null;
    if (entry.link === null) return entry.head;
    path = new URL(entry.link, `file://${path}`).pathname;
  }
  return null;
}

/** The first entry of the archive of one path; `null` when there is no such path. */
async function firstEntry(
  container: Docker.Container,
  path: string,
): Promise<{ head: Buffer; link: string | null } | null> {
  let archive: NodeJS.ReadableStream;
  try {
    archive = await container.getArchive({ path });
  } catch {
    return null;
  }
  const entries = tar.extract();
  archive.pipe(entries);
  try {
    for await (const entry of entries) {
      if (entry.header.type === 'symlink') {
        return { head: Buffer.alloc(0), link: entry.header.linkname ?? '' };
      }
      for await (const chunk of entry as AsyncIterable<Buffer>) {
        return { head: chunk.subarray(0, 64), link: null };
      }
    }
    return null;
  } finally {
    entries.destroy();
    if (archive instanceof Readable) archive.destroy();
  }
}
