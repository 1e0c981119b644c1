import 'server-only';
import { eq, sql } from 'drizzle-orm';
import { v7 } from 'uuid';
import { db, type Transaction } from '@/db';
import { buildRecords } from '@/db/schema';
import type { Actor } from '@/lib/auth';
import {
  BuildRecord,
  MANIFEST_NAME,
  MAX_MANIFEST_BYTES,
  MAX_PART_BYTES,
  partName,
  RECORD_VERSION,
  RecordHead,
} from '@/lib/build/build-record';
import type { ArchiveEntry } from '@/lib/services/archive-entry';
import { quote } from '@/lib/services/archive-refusal';
import { readTar } from '@/lib/services/archive-tar';
import { audit } from '@/lib/services/audit';
import { RecordLog } from '@/lib/services/record-log';
import {
  RECORD_TAR,
  refuseRecord,
  refuseShape,
} from '@/lib/services/record-refusal';
import { packRecord } from '@/lib/services/record-store';

/**
 * Stores an exported build so that the team can read it: whole, or not at all. It is no build of the team. Unpacked as a
 * stream, a part of its log at a time. Throws RECORD_INVALID with what is wrong with it.
 */
export async function importRecord(
  actor: Actor,
  bytes: Uint8Array,
): Promise<{ id: string }> {
  return db().transaction(async (tx) => {
    const entries = readTar(bytes, RECORD_TAR);
    try {
      const first = await entries.next();
      if (first.done) throw refuseRecord('The file is empty.');
      const record = await readManifest(first.value);
      const id = await insertRecord(tx, actor, record);
      await readLogs(tx, id, record, entries);
      return { id };
    } finally {
      await entries.return(undefined);
    }
  });
}

async function readManifest(entry: ArchiveEntry): Promise<BuildRecord> {
  const text = await readText(entry, MANIFEST_NAME, MAX_MANIFEST_BYTES);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw refuseRecord(`${MANIFEST_NAME} is no JSON.`, cause);
  }
  const head = RecordHead.safeParse(value);
  if (!head.success)
    throw refuseRecord('The file is no build record.', head.error);
  const { version } = head.data;
  if (version !== RECORD_VERSION)
    throw refuseRecord(
      `The record is of version ${version} of the format; this release reads version ${RECORD_VERSION}.`,
    );
  const parsed = BuildRecord.safeParse(value);
  if (!parsed.success) throw refuseShape(MANIFEST_NAME, parsed.error);
  const { attempts, build } = parsed.data;
  const numbers = attempts.map(({ attempt }) => attempt);
  const inOrder = numbers.every(
    (attempt, index) => attempt > (numbers[index - 1] ?? 0),
  );
  if (!inOrder || (numbers.at(-1) ?? 0) !== build.attempt)
    throw refuseRecord('The attempts of the record are not in order.');
  return parsed.data;
}

async function insertRecord(
  tx: Transaction,
  actor: Actor,
  record: BuildRecord,
): Promise<string> {
  const id = v7();
  const { exported, build, definition } = record;
  const manifest = await packRecord(record);
  await tx.insert(buildRecords).values({
    id,
    teamId: actor.teamId,
    importedBy: actor.userId,
    fromUrl: exported.from,
    fromTeam: exported.team,
    specName: definition.spec,
    number: build.number,
    state: build.state,
    builtAt: new Date(build.createdAt),
    manifest,
    sizeBytes: manifest.byteLength,
  });
  await audit(tx, actor, {
    action: 'record.import',
    subject: `${definition.spec} #${build.number}`,
    subjectId: id,
    detail: { from: exported.from, team: exported.team },
  });
  return id;
}

/** The parts of the logs, which have to come in the order of the attempts, and nothing else may. */
async function readLogs(
  tx: Transaction,
  recordId: string,
  record: BuildRecord,
  entries: AsyncIterable<ArchiveEntry>,
): Promise<void> {
  const logs = record.attempts
    .filter(({ removal }) => removal === null)
    .map((attempt) => ({
      attempt: attempt.attempt,
      log: new RecordLog(tx, recordId, attempt),
      part: 0,
    }));
  let at = 0;
  let logBytes = 0;
  for await (const entry of entries) {
    const isNext = ({ attempt, part }: (typeof logs)[number]) =>
      entry.name === partName(attempt, part + 1);
    at += Math.max(0, logs.slice(at).findIndex(isNext));
    const open = logs[at];
    if (!open || !isNext(open))
      throw refuseRecord(
        `${quote(entry.name)} has no place in a build record, or comes out of order.`,
      );
    open.part += 1;
    const text = await readText(entry, entry.name, MAX_PART_BYTES);
    logBytes += await open.log.add(entry.name, text);
  }
  for (const { log } of logs) log.end();
  await tx
    .update(buildRecords)
    .set({ sizeBytes: sql`${buildRecords.sizeBytes} + ${logBytes}` })
    .where(eq(buildRecords.id, recordId));
}

async function readText(
  { name, kind, body }: ArchiveEntry,
  wanted: string,
  maxBytes: number,
): Promise<string> {
  if (name !== wanted || kind !== 'file')
    throw refuseRecord(
      `The file is no build record: it has ${quote(name)} where ${wanted} belongs.`,
    );
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > maxBytes)
      throw refuseRecord(`${wanted} is larger than it may be.`);
    chunks.push(chunk);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(
      Buffer.concat(chunks),
    );
  } catch (cause) {
    throw refuseRecord(`${wanted} is not UTF-8.`, cause);
  }
}
