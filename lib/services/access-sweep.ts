import 'server-only';
import { and, eq } from 'drizzle-orm';
import { db } from '@/db';
import { accessCurrent } from '@/db/schema';
import { log } from '@/lib/log';
import { judgeAccess } from '@/lib/registry/access';
import { nextLookMs } from '@/lib/registry/access-schedule';
import { RegistryError } from '@/lib/registry/errors';
import { lookAtAccess } from '@/lib/services/access-look';
import { VANTAGE } from '@/lib/services/access-store';
import {
  collectWatches,
  nextDueMs,
  postpone,
  takeCollection,
  takeDue,
  type WatchRow,
} from '@/lib/services/access-watches';
import { tellBaseDrift } from '@/lib/services/base-drift';
import { dropOldContents } from '@/lib/services/registry-contents';
import { readRepositoryRow } from '@/lib/services/repositories';
import { refreshTagNamed } from '@/lib/services/tag-refresh';

/** One turn of a team is short, so that the next team's comes soon. */
const TURN = 24;
/** Looks under way at once in one turn; the gate keeps each host to three requests whatever this is. */
const PARALLEL = 6;
const IDLE_MS = 60_000;
const BASE_MS = 60 * 60_000;

/** Looks at what is due, at most a turn of it. Gives the milliseconds until the team's next turn. */
export async function sweepAccess(
  teamId: string,
  random: () => number = Math.random,
): Promise<number> {
  const hasCollected = await takeCollection(teamId);
  if (hasCollected) {
    await collectWatches(teamId);
    await dropOldContents(teamId);
  }
  const due = await takeDue(teamId, TURN);
  await inParallel(due, (row) => lookAtDue(row, random));
  if (hasCollected || due.some(({ reason }) => reason === 'base'))
    await tellBaseDrift(teamId);
  const next = await nextDueMs(teamId);
  return Math.min(IDLE_MS, Math.max(1_000, next ?? IDLE_MS));
}

async function inParallel(
  rows: readonly WatchRow[],
  look: (row: WatchRow) => Promise<void>,
): Promise<void> {
  const queue = [...rows];
  const work = async (): Promise<void> => {
    for (let row = queue.shift(); row; row = queue.shift()) await look(row);
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
}

async function lookAtDue(row: WatchRow, random: () => number): Promise<void> {
  const repository = await readRepositoryRow(row.repositoryId);
  if (!repository) return;
  if (row.reason === 'base') {
    const ms = await lookAtBase(row, repository);
    return postpone(row, ms * (0.8 + 0.4 * random()));
  }
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

/** Where the tag of a base points is all that is asked. A registry that does not say now is asked again in an hour. */
async function lookAtBase(
  row: WatchRow,
  repository: NonNullable<Awaited<ReturnType<typeof readRepositoryRow>>>,
): Promise<number> {
  try {
    await refreshTagNamed(repository, row.reference.slice(1));
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    log.info(
      { code: error.code, repository: repository.id },
      'the tag of a base could not be looked at',
    );
  }
  return BASE_MS;
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
