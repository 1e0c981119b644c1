import 'server-only';
import { and, eq } from 'drizzle-orm';
import { db } from '@/db';
import { accessCurrent } from '@/db/schema';
import { judgeAccess } from '@/lib/registry/access';
import { nextLookMs } from '@/lib/registry/access-schedule';
import {
  collectWatches,
  takeCollection,
} from '@/lib/services/access-collection';
import { lookAtAccess } from '@/lib/services/access-look';
import { VANTAGE } from '@/lib/services/access-store';
import {
  nextDueMs,
  postpone,
  takeDue,
  type WatchRow,
} from '@/lib/services/access-watches';
import { tellBaseDrift } from '@/lib/services/base-drift';
import { readRepositoryRow } from '@/lib/services/repositories';
import { lookAtTags } from '@/lib/services/tag-looks';

/** One turn of a team is short, so that the next team's comes soon. */
const TURN = 24;
/** Looks under way at once in one turn; the gate keeps each host to three requests whatever this is. */
const PARALLEL = 6;
const IDLE_MS = 60_000;

/**
 * Looks at what is due, at most a turn of it: who can pull it, and where tags point. What the looks changed is collected
 * at once. Gives the milliseconds until the team's next turn.
 */
export async function sweepAccess(
  teamId: string,
  random: () => number = Math.random,
): Promise<number> {
  const hasCollected = await collectWhenDue(teamId);
  const due = await takeDue(teamId, TURN);
  await inParallel(due, random);
  const hasCollectedAgain = await collectWhenDue(teamId);
  if (
    hasCollected ||
    hasCollectedAgain ||
    due.some(({ reason }) => reason === 'base')
  )
    await tellBaseDrift(teamId);
  const next = await nextDueMs(teamId);
  return Math.min(IDLE_MS, Math.max(1_000, next ?? IDLE_MS));
}

async function collectWhenDue(teamId: string): Promise<boolean> {
  const isDue = await takeCollection(teamId);
  if (isDue) await collectWatches(teamId);
  return isDue;
}

/** Tags of one repository are looked at over one connection, with one token. */
async function inParallel(
  rows: readonly WatchRow[],
  random: () => number,
): Promise<void> {
  const ofTags = new Map<string, WatchRow[]>();
  const queue: (() => Promise<void>)[] = [];
  for (const row of rows) {
    const others = ofTags.get(row.repositoryId);
    if (row.platform !== '') queue.push(() => lookAtDue(row, random));
    else if (others) others.push(row);
    else ofTags.set(row.repositoryId, [row]);
  }
  for (const [repositoryId, tags] of ofTags)
    queue.unshift(() => lookAtDueTags(repositoryId, tags, random));
  const work = async (): Promise<void> => {
    for (let look = queue.shift(); look; look = queue.shift()) await look();
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
}

async function lookAtDueTags(
  repositoryId: string,
  rows: readonly WatchRow[],
  random: () => number,
): Promise<void> {
  const repository = await readRepositoryRow(repositoryId);
  if (repository) await lookAtTags(repository, rows, random);
}

async function lookAtDue(row: WatchRow, random: () => number): Promise<void> {
  const repository = await readRepositoryRow(row.repositoryId);
  if (!repository) return;
  const depth = (await isPartial(row)) ? 'all' : 'sampled';
  const seen = await lookAtAccess(repository, row, {
    isUrgent: false,
    depth,
  });
  const waits = await Promise.all(
    seen.map(async (evidence) => {
      const { state: verdict, retryAt } = judgeAccess(evidence);
      const look = {
        verdict,
        isPinned: row.reference.startsWith('@'),
        unchanged: await unchangedOf(row, evidence.identity),
        retryAtMs: retryAt === null ? null : Date.parse(retryAt),
      };
      return nextLookMs(look, Date.now(), random());
    }),
  );
  await postpone(row, Math.min(...waits, 4 * 60 * 60_000));
}

/** A sample might miss the layer that is missing, and call whole what is not. */
async function isPartial(row: WatchRow): Promise<boolean> {
  const rows = await readCurrent(row);
  return rows.some(({ verdict }) => verdict.startsWith('partially_'));
}

async function unchangedOf(row: WatchRow, identity: string): Promise<number> {
  const rows = await readCurrent(row);
  return rows.find((one) => one.identity === identity)?.unchanged ?? 0;
}

function readCurrent({ repositoryId, reference, platform }: WatchRow) {
  return db()
    .select({
      identity: accessCurrent.identity,
      verdict: accessCurrent.verdict,
      unchanged: accessCurrent.unchanged,
    })
    .from(accessCurrent)
    .where(
      and(
        eq(accessCurrent.repositoryId, repositoryId),
        eq(accessCurrent.reference, reference),
        eq(accessCurrent.platform, platform),
        eq(accessCurrent.vantage, VANTAGE),
      ),
    );
}
