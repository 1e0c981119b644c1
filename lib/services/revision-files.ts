import 'server-only';
import { createHash } from 'node:crypto';
import { and, eq, inArray } from 'drizzle-orm';
import { db, type Transaction } from '@/db';
import { files } from '@/db/schema';

/** Stores the text of files a revision names; the same bytes are stored once per team. Gives path → SHA-256. */
export async function storeRevisionFiles(
  tx: Transaction,
  teamId: string,
  texts: Record<string, string>,
): Promise<Record<string, string>> {
  const digests: Record<string, string> = {};
  for (const [path, text] of Object.entries(texts)) {
    const bytes = Buffer.from(text, 'utf8');
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    digests[path] = sha256;
    await tx
      .insert(files)
      .values({ teamId, sha256, bytes })
      .onConflictDoNothing();
  }
  return digests;
}

/** The texts behind path → SHA-256. */
export async function readRevisionFiles(
  teamId: string,
  digests: Record<string, string>,
): Promise<Record<string, string>> {
  const wanted = Object.values(digests);
  if (wanted.length === 0) return {};
  const rows = await db()
    .select()
    .from(files)
    .where(and(eq(files.teamId, teamId), inArray(files.sha256, wanted)));
  const bySha = new Map(
    rows.map((row) => [row.sha256, row.bytes.toString('utf8')]),
  );
  return Object.fromEntries(
    Object.entries(digests).map(([path, sha256]) => {
      const text = bySha.get(sha256);
      if (text === undefined)
        throw new Error('A file of a revision is not stored.');
      return [path, text];
    }),
  );
}
