import 'server-only';
import { and, asc, eq, gt, inArray, sql } from 'drizzle-orm';
import { db, type Transaction } from '@/db';
import { buildSecrets, credentials, settings } from '@/db/schema';
import { keyIdOf, open, seal, type SealedPlace } from '@/lib/crypto';
import { AppError } from '@/lib/errors';
import {
  currentKey,
  removeRetiredKeys,
  replaceCurrentKey,
  retiredKeyIds,
} from '@/lib/installation-keys';
import { checkInstallationKey, KEY_CHECK } from '@/lib/services/set-up';

const BATCH = 100;

/** Every table with a sealed column; a test compares them with the database's. */
const SEALED = [
  { name: 'credentials', table: credentials, column: 'sealedSecret' },
  { name: 'build_secrets', table: buildSecrets, column: 'sealedContent' },
] as const;
type Sealed = (typeof SEALED)[number];

export type Rotation = {
  /** A rotation that was broken off was taken up again; no further key was made. */
  isResumed: boolean;
  resealed: number;
  /** Sealed texts that no key here opens. They stay as they are. */
  unreadable: number;
  keyId: string;
};

/**
 * Makes a new installation key, seals every stored secret with it, and erases the one before once nothing is sealed with
 * it. Killed anywhere, it goes on where it was when called again; the app may run meanwhile. Throws CONFLICT while
 * another rotation runs, CREDENTIAL_SEALED when the key is not this database's; then nothing is changed.
 */
export async function rotateKey(): Promise<Rotation> {
  return db().transaction(async (guard) => {
    const result = await guard.execute<{ isFree: boolean }>(
      sql`select pg_try_advisory_xact_lock(hashtext('imageyard.rotate_key')) as "isFree"`,
    );
    if (result.rows[0]?.isFree !== true)
      throw new AppError('CONFLICT', 'Another rotation of the key runs.');
    if (!(await checkInstallationKey())) throw wrongKey();
    const isResumed = retiredKeyIds().length > 0;
    if (!isResumed) replaceCurrentKey();
    let count = { resealed: 0, unreadable: 0 };
    for (const sealed of SEALED) count = add(count, await resealAll(sealed));
    count = add(count, await finish());
    return { isResumed, ...count, keyId: currentKey().id };
  });
}

type Count = Pick<Rotation, 'resealed' | 'unreadable'>;

const add = (one: Count, other: Count): Count => ({
  resealed: one.resealed + other.resealed,
  unreadable: one.unreadable + other.unreadable,
});

/** Seals a table anew in batches, each a transaction of its own, so that the app waits for none of them long. */
async function resealAll(sealed: Sealed): Promise<Count> {
  let count: Count = { resealed: 0, unreadable: 0 };
  let after = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    const batch = await db().transaction((tx) =>
      resealBatch(tx, sealed, after),
    );
    // What cannot be opened is counted at the end, once.
    count = add(count, { resealed: batch.resealed, unreadable: 0 });
    if (batch.last === null) return count;
    after = batch.last;
  }
}

async function resealBatch(
  tx: Transaction,
  { name, table, column }: Sealed,
  after: string,
): Promise<Count & { last: string | null }> {
  const retired = retiredKeyIds();
  const sealedColumn = sql`${sql.identifier(name)}.${sql.identifier(columnName(column))}`;
  const rows =
    retired.length === 0
      ? []
      : await tx
          .select()
          .from(table)
          .where(
            and(
              // The text itself says, whatever the column beside it does.
              inArray(sql`split_part(${sealedColumn}, ':', 2)`, retired),
              gt(table.id, after),
            ),
          )
          .orderBy(asc(table.id))
          .limit(BATCH)
          .for('update');
  let resealed = 0;
  for (const row of rows) {
    const place = { table: name, rowId: row.id, teamId: row.teamId };
    const text = reseal(textIn(row, column), place);
    if (text === null) continue;
    resealed += 1;
    await tx
      .update(table)
      .set({ [column]: text, keyId: keyIdOf(text) })
      .where(eq(table.id, row.id));
  }
  const unreadable = rows.length - resealed;
  return { resealed, unreadable, last: rows.at(-1)?.id ?? null };
}

const columnName = (column: Sealed['column']) =>
  column.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

function textIn(row: object, column: string): string {
  return String((row as Record<string, unknown>)[column]);
}

/** The same secret, sealed with the current key; `null` when it does not open. */
function reseal(sealed: string, place: SealedPlace): string | null {
  try {
    return seal(open(sealed, place), place);
  } catch (error) {
    if (error instanceof AppError && error.code === 'CREDENTIAL_SEALED')
      return null;
    throw error;
  }
}

/**
 * Seals what was stored meanwhile, and the text that tells a right key from a wrong one, then erases the keys before. The
 * tables are locked against writing for this moment: whoever seals has written to its table first, so no text sealed
 * with an old key can arrive afterwards.
 */
async function finish(): Promise<Count> {
  const count = await db().transaction(async (tx) => {
    await tx.execute(
      sql`lock table ${credentials}, ${buildSecrets} in share row exclusive mode`,
    );
    let total: Count = { resealed: 0, unreadable: 0 };
    for (const sealed of SEALED) {
      let after: string | null = '00000000-0000-0000-0000-000000000000';
      while (after !== null) {
        const batch: Count & { last: string | null } = await resealBatch(
          tx,
          sealed,
          after,
        );
        total = add(total, batch);
        after = batch.last;
      }
    }
    await resealKeyCheck(tx);
    return total;
  });
  removeRetiredKeys();
  return count;
}

async function resealKeyCheck(tx: Transaction): Promise<void> {
  const rows = await tx
    .select()
    .from(settings)
    .where(eq(settings.key, KEY_CHECK))
    .for('update');
  for (const { teamId, value } of rows) {
    const place = { table: 'settings', rowId: KEY_CHECK, teamId };
    const text = reseal(String(value), place);
    if (text === null) throw wrongKey();
    await tx
      .update(settings)
      .set({ value: text })
      .where(and(eq(settings.teamId, teamId), eq(settings.key, KEY_CHECK)));
  }
}

const wrongKey = () =>
  new AppError(
    'CREDENTIAL_SEALED',
    'The key in the data folder is not the one this database was made with. Put the right key file back first.',
  );
