import { createHash, randomUUID } from 'node:crypto';
import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  readdirSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { Finish, type WorkerEvent } from '@/lib/build/protocol';
import { AppError } from '@/lib/errors';

const About = z.object({
  buildId: z.uuid(),
  attempt: z.number().int().positive(),
  target: z.object({
    host: z.string(),
    repository: z.string(),
    tag: z.string(),
  }),
  /** How the attempt ended, once that is known. */
  result: Finish.shape.result.nullable(),
});
export type About = z.infer<typeof About>;

const FLUSH_BYTES = 64 * 1024;
const LINE_FEED = 10;

/**
 * The events of one attempt, numbered from 1, on disk before they are sent: a file of one JSON text a line and one that
 * says what it belongs to. Holds no secret: events are redacted before they come here.
 */
export class Spool {
  readonly about: About;
  readonly #base: string;
  readonly #file: number;
  /** Where each event begins in the file, and at last where the next one will. */
  readonly #offsets: number[];
  readonly #hash = createHash('sha256');
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #isClosed = false;
  /** The disk did not take an event: from then on the file ends before its last number. */
  isBroken = false;

  private constructor(base: string, about: About, content: Buffer) {
    this.#base = base;
    this.about = about;
    this.#file = openSync(`${base}.ndjson`, 'a+', 0o600);
    this.#offsets = [0, ...lineEnds(content)];
    this.#hash.update(content);
  }

  /** Begins the spool of a new attempt; what an earlier one of the same name left is gone. Throws INTERNAL. */
  static create(dir: string, about: Omit<About, 'result'>): Spool {
    try {
      return Spool.#create(dir, about);
    } catch (error) {
      throw diskError(error);
    }
  }

  static #create(dir: string, about: Omit<About, 'result'>): Spool {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    const {
      buildId,
      attempt,
      target: { host, repository, tag },
    } = about;
    const base = path.join(dir, `${buildId}-${attempt}`);
    rmSync(`${base}.ndjson`, { force: true });
    const spool = new Spool(
      base,
      { buildId, attempt, target: { host, repository, tag }, result: null },
      Buffer.alloc(0),
    );
    spool.#writeAbout();
    return spool;
  }

  /** The spools that former processes left, oldest attempt first. A last line that was not written whole is dropped. */
  static leftovers(dir: string): Spool[] {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    const names = readdirSync(dir).filter((name) => name.endsWith('.json'));
    return names.sort().flatMap((name) => {
      const base = path.join(dir, name.slice(0, -'.json'.length));
      const about = readAbout(`${base}.json`);
      if (!about) return [];
      const content = readIfThere(`${base}.ndjson`);
      const whole = content.subarray(0, content.lastIndexOf(LINE_FEED) + 1);
      if (whole.length < content.length) {
        truncateSync(`${base}.ndjson`, whole.length);
      }
      return [new Spool(base, about, whole)];
    });
  }

  get lastSeq(): number {
    return this.#offsets.length - 1;
  }

  /** Adds an event and gives its number. Throws INTERNAL when the disk is full. */
  append(event: WorkerEvent): number {
    const line = Buffer.from(`${JSON.stringify(event)}\n`);
    this.#hash.update(line);
    this.#offsets.push((this.#offsets.at(-1) ?? 0) + line.length);
    this.#waiting.push(line);
    this.#waitingBytes += line.length;
    if (this.#waitingBytes >= FLUSH_BYTES) this.flush();
    return this.lastSeq;
  }

  /** Writes what was added to the file. Throws INTERNAL when the disk is full. */
  flush(): void {
    if (this.#waitingBytes === 0 || this.isBroken) return;
    const bytes = Buffer.concat(this.#waiting);
    this.#waiting = [];
    this.#waitingBytes = 0;
    try {
      for (let at = 0; at < bytes.length;) {
        at += writeSync(this.#file, bytes, at);
      }
    } catch (error) {
      this.isBroken = true;
      throw diskError(error);
    }
  }

  /** How many bytes the events from this number on have. */
  bytesFrom(seq: number): number {
    const start = this.#offsets[seq - 1];
    return start === undefined ? 0 : (this.#offsets.at(-1) ?? 0) - start;
  }

  /** The events from this number on, as many whole ones as fit; at least one. Written to the file before. */
  read(seq: number, maxBytes: number): Buffer<ArrayBuffer> {
    this.flush();
    const start = this.#offsets[seq - 1] ?? 0;
    let last = seq;
    while (
      last < this.lastSeq &&
      (this.#offsets[last + 1] ?? Infinity) - start <= maxBytes
    ) {
      last += 1;
    }
    const bytes = Buffer.alloc((this.#offsets[last] ?? start) - start);
    for (let at = 0; at < bytes.length;) {
      const got = readSync(
        this.#file,
        bytes,
        at,
        bytes.length - at,
        start + at,
      );
      if (got === 0) throw new Error('The spool is shorter than it was.');
      at += got;
    }
    return bytes;
  }

  /** Lower-hex SHA-256 over every event's JSON text, each followed by a line feed. */
  checksum(): string {
    return this.#hash.copy().digest('hex');
  }

  /** Notes how the attempt ended, so that a later process can still say it. */
  setResult(result: Finish['result']): void {
    this.about.result = result;
    try {
      this.flush();
      this.#writeAbout();
    } catch {
      // It can still be told by this process.
      this.isBroken = true;
    }
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    try {
      this.flush();
    } finally {
      closeSync(this.#file);
    }
  }

  /** Closes it and removes it from the disk. */
  remove(): void {
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.close();
    rmSync(`${this.#base}.ndjson`, { force: true });
    rmSync(`${this.#base}.json`, { force: true });
  }

  #writeAbout(): void {
    const draft = `${this.#base}.${randomUUID().slice(0, 8)}.draft`;
    writeFileSync(draft, JSON.stringify(this.about), { mode: 0o600 });
    renameSync(draft, `${this.#base}.json`);
  }
}

function diskError(cause: unknown): AppError {
  return new AppError(
    'INTERNAL',
    'The worker cannot write to its folder; its disk may be full.',
    { cause },
  );
}

function lineEnds(content: Buffer): number[] {
  const ends: number[] = [];
  for (
    let end = content.indexOf(LINE_FEED);
    end >= 0;
    end = content.indexOf(LINE_FEED, end + 1)
  ) {
    ends.push(end + 1);
  }
  return ends;
}

function readAbout(file: string): About | null {
  try {
    return About.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    // Of an older release, or not ours: it says nothing that could be delivered.
    return null;
  }
}

function readIfThere(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch {
    return Buffer.alloc(0);
  }
}
