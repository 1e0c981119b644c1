import 'server-only';
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip as gunzipCallback, gzip as gzipCallback } from 'node:zlib';
import { and, asc, eq, gte, lte, sql } from 'drizzle-orm';
import { db, type Database, type Transaction } from '@/db';
import { buildAttempts, buildLogChunks, buildRecordChunks } from '@/db/schema';
import { WorkerEvent } from '@/lib/build/protocol';

const gzip = promisify(gzipCallback);
const gunzip = promisify(gunzipCallback);

export type AttemptKey = { buildId: string; attempt: number };
/** A log to be read: of an attempt here, or of an imported record, whose id then stands for the build's. */
export type LogKey = AttemptKey & { isRecord?: true };
export type ChunkRow = typeof buildLogChunks.$inferSelect;

/** An event as it was stored: its number, its JSON text, and, for a line, the line's number over the attempt. */
export type StoredEvent = {
  seq: number;
  line: number | null;
  text: string;
  event: WorkerEvent;
};

/** Bytes of raw JSON text a merged chunk aims at; gzip makes about 64 KiB of it. */
const MERGED_BYTES = 512 * 1024;

/** The table a log's chunks are in: both have the same columns, a record's has one more. */
export const chunksOf = ({ isRecord }: LogKey): typeof buildLogChunks =>
  isRecord
    ? (buildRecordChunks as unknown as typeof buildLogChunks)
    : buildLogChunks;

/** The chunks of an attempt. */
export const ofAttempt = (key: LogKey) =>
  and(
    eq(chunksOf(key).buildId, key.buildId),
    eq(chunksOf(key).attempt, key.attempt),
  );

/** JSON texts as a chunk holds them. */
export const packTexts = (texts: readonly string[]): Promise<Buffer> =>
  gzip(texts.map((text) => `${text}\n`).join(''));

/** Stores a run of events, given as JSON texts, that starts at number `firstSeq` and line `firstLine`. Gives its stored size. */
export async function insertChunk(
  tx: Transaction,
  key: AttemptKey,
  chunk: {
    firstSeq: number;
    firstLine: number;
    lines: number;
    texts: readonly string[];
  },
): Promise<number> {
  const { texts, ...rest } = chunk;
  const bytes = await packTexts(texts);
  await tx.insert(buildLogChunks).values({
    ...key,
    ...rest,
    lastSeq: chunk.firstSeq + texts.length - 1,
    bytes,
  });
  return bytes.byteLength;
}

/** The JSON texts of a chunk's events. */
export async function readTexts(
  chunk: Pick<ChunkRow, 'bytes'>,
): Promise<string[]> {
  return (await gunzip(chunk.bytes)).toString('utf8').split('\n').slice(0, -1);
}

/** A chunk's events. */
export async function readEvents(chunk: ChunkRow): Promise<StoredEvent[]> {
  let line = chunk.firstLine;
  return (await readTexts(chunk)).map((text, index) => {
    const event = WorkerEvent.parse(JSON.parse(text));
    return {
      seq: chunk.firstSeq + index,
      line: event.kind === 'line' ? line++ : null,
      text,
      event,
    };
  });
}

/** Lower-hex SHA-256 over every stored event of the attempt in order, each followed by a line feed. */
export async function checksumEvents(
  tx: Transaction,
  key: AttemptKey,
): Promise<string> {
  const hash = createHash('sha256');
  let after = 0;
  for (;;) {
    const [chunk] = await nextChunks(tx, key, after, 1);
    if (!chunk) return hash.digest('hex');
    hash.update(await gunzip(chunk.bytes));
    after = chunk.lastSeq;
  }
}

/** Chunks after event `afterSeq`, in order. */
export function nextChunks(
  tx: Transaction | Database,
  key: LogKey,
  afterSeq: number,
  limit: number,
) {
  const chunks = chunksOf(key);
  return tx
    .select()
    .from(chunks)
    .where(and(ofAttempt(key), gte(chunks.lastSeq, afterSeq + 1)))
    .orderBy(asc(chunks.firstSeq))
    .limit(limit);
}

type Reading = Promise<StoredEvent[]>;
// Viewers of one build wait for the same notification and then want the same events: they share one read.
const readings = new Map<string, Reading>();

/** The next stored events after number `afterSeq`, in order; `[]` when there are none. A few chunks at a time. */
export function readEventsAfter(key: AttemptKey, afterSeq: number): Reading {
  const id = `${key.buildId}:${key.attempt}:${afterSeq}`;
  const known = readings.get(id);
  if (known) return known;
  const reading = nextChunks(db(), key, afterSeq, 4)
    .then((chunks) => Promise.all(chunks.map(readEvents)))
    .then((lists) => lists.flat().filter((stored) => stored.seq > afterSeq))
    .finally(() => readings.delete(id));
  readings.set(id, reading);
  return reading;
}

/** Merges the accepted batches of an ended attempt into few chunks. Running it again changes nothing. */
export async function mergeLog(key: AttemptKey): Promise<void> {
  await db().transaction(async (tx) => {
    await tx
      .select({ attempt: buildAttempts.attempt })
      .from(buildAttempts)
      .where(
        and(
          eq(buildAttempts.buildId, key.buildId),
          eq(buildAttempts.attempt, key.attempt),
        ),
      )
      .for('update');
    let after = 0;
    for (;;) {
      const group = await nextGroup(tx, key, after);
      const [first] = group.chunks;
      if (!first) break;
      if (group.chunks.length > 1) await replaceChunks(tx, key, first, group);
      after = group.lastSeq;
    }
    await measureLog(tx, key);
  });
}

async function measureLog(tx: Transaction, key: AttemptKey): Promise<void> {
  const stored = tx
    .select({
      bytes: sql`coalesce(sum(octet_length(${buildLogChunks.bytes})), 0)`,
    })
    .from(buildLogChunks)
    .where(ofAttempt(key));
  await tx
    .update(buildAttempts)
    .set({ logBytes: sql`(${stored})` })
    .where(
      and(
        eq(buildAttempts.buildId, key.buildId),
        eq(buildAttempts.attempt, key.attempt),
      ),
    );
}

type Group = { chunks: ChunkRow[]; texts: string[]; lastSeq: number };

async function nextGroup(
  tx: Transaction,
  key: AttemptKey,
  afterSeq: number,
): Promise<Group> {
  const group: Group = { chunks: [], texts: [], lastSeq: afterSeq };
  let bytes = 0;
  while (bytes < MERGED_BYTES) {
    const chunks = await nextChunks(tx, key, group.lastSeq, 50);
    if (chunks.length === 0) break;
    for (const chunk of chunks) {
      const texts = await readTexts(chunk);
      const size = texts.reduce((sum, text) => sum + text.length + 1, 0);
      if (group.chunks.length > 0 && bytes + size > MERGED_BYTES) return group;
      bytes += size;
      group.chunks.push(chunk);
      group.texts.push(...texts);
      group.lastSeq = chunk.lastSeq;
    }
  }
  return group;
}

async function replaceChunks(
  tx: Transaction,
  key: AttemptKey,
  first: ChunkRow,
  group: Group,
): Promise<void> {
  await tx
    .delete(buildLogChunks)
    .where(
      and(
        ofAttempt(key),
        gte(buildLogChunks.firstSeq, first.firstSeq),
        lte(buildLogChunks.lastSeq, group.lastSeq),
      ),
    );
  await insertChunk(tx, key, {
    firstSeq: first.firstSeq,
    firstLine: first.firstLine,
    lines: group.chunks.reduce((sum, chunk) => sum + chunk.lines, 0),
    texts: group.texts,
  });
}
