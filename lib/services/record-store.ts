import 'server-only';
import { promisify } from 'node:util';
import { gunzip as gunzipCallback, gzip as gzipCallback } from 'node:zlib';
import { and, eq } from 'drizzle-orm';
import { db } from '@/db';
import { buildRecords } from '@/db/schema';
import type { BuildRecord } from '@/lib/build/build-record';
import { AppError } from '@/lib/errors';

const gzip = promisify(gzipCallback);
const gunzip = promisify(gunzipCallback);

type RecordRow = typeof buildRecords.$inferSelect;

/** A record as it is stored. */
export function packRecord(record: BuildRecord): Promise<Buffer> {
  return gzip(JSON.stringify(record));
}

/** A record that the team imported. It was checked when it came. Throws NOT_FOUND, for another team's too. */
export async function findRecord(
  teamId: string,
  recordId: string,
): Promise<{ row: RecordRow; record: BuildRecord }> {
  const [row] = await db()
    .select()
    .from(buildRecords)
    .where(and(eq(buildRecords.id, recordId), eq(buildRecords.teamId, teamId)));
  if (!row) throw new AppError('NOT_FOUND', 'There is no such build.');
  const text = (await gunzip(row.manifest)).toString('utf8');
  return { row, record: JSON.parse(text) as BuildRecord };
}
