import 'server-only';
import { sql } from 'drizzle-orm';
import { db, type Database, type Transaction } from '@/db';
import { accessSweeps, jobs, teams } from '@/db/schema';
import { addJob } from '@/lib/services/jobs';
import { notify } from '@/lib/services/notify';
import type { RepositoryRow } from '@/lib/services/repositories';

export type AccessQuestion = {
  repository: Pick<RepositoryRow, 'id' | 'teamId'>;
  /** `:tag` or `@digest`. */
  reference: string;
  platform: string;
};

/** Asks for an access check of one reference, soon. */
export async function addAccessCheck(
  tx: Transaction | Database,
  question: AccessQuestion,
): Promise<void> {
  const { repository, reference, platform } = question;
  await addJob(tx, {
    teamId: repository.teamId,
    kind: 'check_access',
    key: `${repository.id}${reference} ${platform}`,
    payload: { repositoryId: repository.id, reference, platform },
  });
}

/** Makes sure that what every team has for ever is on its way: its sweep, and the pruning of its history. */
export async function ensureTeamJobs(): Promise<void> {
  const rows = await db().select({ id: teams.id }).from(teams);
  for (const { id } of rows) {
    await addSweep(db(), id, false);
    await addPruning(db(), id);
  }
}

/** Begins the jobs of a team that was just made. */
export async function beginTeamJobs(
  tx: Transaction,
  teamId: string,
): Promise<void> {
  await hastenSweep(tx, teamId);
  await addPruning(tx, teamId);
}

function addPruning(tx: Transaction | Database, teamId: string): Promise<void> {
  return addJob(tx, {
    teamId,
    kind: 'prune_history',
    key: teamId,
    payload: {},
  });
}

/** What the team uses has changed: it is collected and looked at soon. */
export async function hastenSweep(
  tx: Transaction | Database,
  teamId: string,
): Promise<void> {
  await tx
    .insert(accessSweeps)
    .values({ teamId, collectedAt: null })
    .onConflictDoUpdate({
      target: accessSweeps.teamId,
      set: { collectedAt: null },
    });
  await addSweep(tx, teamId, true);
}

async function addSweep(
  tx: Transaction | Database,
  teamId: string,
  isSoon: boolean,
): Promise<void> {
  const insert = tx.insert(jobs).values({
    teamId,
    kind: 'sweep_access',
    key: teamId,
    payload: {},
    runAfter: sql`now()`,
  });
  if (isSoon)
    await insert.onConflictDoUpdate({
      target: [jobs.kind, jobs.key],
      targetWhere: sql`${jobs.finishedAt} is null`,
      set: { runAfter: sql`least(${jobs.runAfter}, now())` },
    });
  else await insert.onConflictDoNothing();
  await notify(tx, 'jobs');
}
