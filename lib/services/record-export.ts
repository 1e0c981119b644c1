import 'server-only';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { eq, sum } from 'drizzle-orm';
import tar, { type Pack } from 'tar-stream';
import { db } from '@/db';
import { buildRecords, buildSteps } from '@/db/schema';
import type { Actor } from '@/lib/auth';
import {
  type BuildRecord,
  MANIFEST_NAME,
  MAX_PART_BYTES,
  MAX_RECORD_LINES,
  MAX_UNPACKED_BYTES,
  partName,
  recordFileName,
} from '@/lib/build/build-record';
import { Redactor } from '@/lib/build/redact';
import type { LineView } from '@/lib/build/views';
import { AppError } from '@/lib/errors';
import { log } from '@/lib/log';
import { streamLines } from '@/lib/services/build-log-lines';
import { readRecord } from '@/lib/services/record-reading';
import { findRecord } from '@/lib/services/record-store';
import { findLog } from '@/lib/services/stored-logs';

/** Bytes of lines a part is begun anew after; the last line may go past it. */
const PART_BYTES = MAX_PART_BYTES / 4;
/** What a line takes beside its text, about. */
const LINE_OVERHEAD = 160;

/**
 * A build as a file for others, made while it is sent: a part of the log at a time is in memory. Throws what `readRecord`
 * does, and RECORD_TOO_LARGE, before the first byte.
 */
export async function exportRecord(
  actor: Actor,
  buildId: string,
): Promise<{ fileName: string; body: ReadableStream<Uint8Array> }> {
  const { record, redactor } = await readAny(actor, buildId);
  const pack = tar.pack();
  const gzip = createGzip();
  fill(pack, actor, buildId, record, redactor).catch((error: unknown) =>
    pack.destroy(error as Error),
  );
  // Who went away ends it, too.
  pipeline(pack as AsyncIterable<Uint8Array>, gzip).catch((error: unknown) =>
    log.info({ err: error, buildId }, 'the export of a build broke off'),
  );
  return {
    fileName: recordFileName(record.build),
    body: Readable.toWeb(gzip) as ReadableStream<Uint8Array>,
  };
}

/** A build of the team, or one that it imported: that goes on as it came, from where it came. */
async function readAny(
  actor: Actor,
  buildId: string,
): Promise<{ record: BuildRecord; redactor: Redactor }> {
  const [imported] = await db()
    .select({ id: buildRecords.id })
    .from(buildRecords)
    .where(eq(buildRecords.id, buildId));
  if (imported) {
    const { record } = await findRecord(actor.teamId, buildId);
    return { record, redactor: new Redactor([]) };
  }
  const read = await readRecord(actor, buildId);
  await requireRoom(buildId, read.record);
  return read;
}

async function requireRoom(
  buildId: string,
  { attempts }: BuildRecord,
): Promise<void> {
  const whole = attempts.filter(({ removal }) => removal === null);
  const lines = whole.reduce((total, attempt) => total + attempt.lines, 0);
  const [row] = await db()
    .select({ bytes: sum(buildSteps.logBytes).mapWith(Number) })
    .from(buildSteps)
    .where(eq(buildSteps.buildId, buildId));
  const bytes = (row?.bytes ?? 0) + lines * LINE_OVERHEAD;
  if (lines <= MAX_RECORD_LINES && bytes <= MAX_UNPACKED_BYTES) return;
  throw new AppError(
    'RECORD_TOO_LARGE',
    'The log of this build is longer than a record may hold: 2,000,000 lines and 512 MiB.',
  );
}

async function fill(
  pack: Pack,
  { teamId }: Actor,
  buildId: string,
  record: BuildRecord,
  redactor: Redactor,
): Promise<void> {
  const end = record.build.finishedAt ?? record.build.createdAt;
  const mtime = new Date(end);
  await addFile(pack, MANIFEST_NAME, mtime, `${JSON.stringify(record)}\n`);
  for (const { attempt, removal } of record.attempts) {
    if (removal) continue;
    const { key } = await findLog(teamId, buildId, attempt);
    let part = 0;
    for await (const text of partsOf(streamLines(key, { from: 1 }), redactor)) {
      part += 1;
      await addFile(pack, partName(attempt, part), mtime, text);
    }
  }
  pack.finalize();
}

async function* partsOf(
  lines: AsyncIterable<LineView>,
  redactor: Redactor,
): AsyncGenerator<string> {
  let texts: string[] = [];
  let bytes = 0;
  for await (const line of lines) {
    const text = `${JSON.stringify({ ...line, text: redactor.text(line.text) })}\n`;
    texts.push(text);
    bytes += Buffer.byteLength(text);
    if (bytes < PART_BYTES) continue;
    yield texts.join('');
    texts = [];
    bytes = 0;
  }
  if (texts.length > 0) yield texts.join('');
}

/** Adds a file once there is room for it: whoever reads slowly slows the reading of the log. */
function addFile(
  pack: Pack,
  name: string,
  mtime: Date,
  text: string,
): Promise<void> {
  const bytes = Buffer.from(text);
  return new Promise((resolve, reject) => {
    pack
      .entry({ name, size: bytes.byteLength, mtime }, (error) =>
        error ? reject(error) : resolve(),
      )
      .end(bytes);
  });
}
