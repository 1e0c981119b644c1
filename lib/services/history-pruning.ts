import 'server-only';
import { sql } from 'drizzle-orm';
import { db } from '@/db';
import { JOB_KINDS } from '@/db/schema';
import { pruneLogs } from '@/lib/services/log-removal';
import { dropOldContents } from '@/lib/services/registry-contents';

const HISTORY = sql`interval '180 days'`;
const FINISHED = sql`interval '7 days'`;
/** Rows deleted in one statement, so that nobody waits long for a lock. */
const BATCH = 2_000;

/**
 * Deletes what a team kept long enough: lines of access history after 180 days, jobs that are done after seven, what was
 * read of images after 90, and logs as the team says. The answer that holds now, the last change of each and the one before it stay whatever
 * their age.
 */
export async function pruneHistory(teamId: string): Promise<void> {
  await pruneAccessChecks(teamId);
  await pruneJobs(teamId);
  await dropOldContents(teamId);
  await pruneLogs(teamId);
}

async function pruneAccessChecks(teamId: string): Promise<void> {
  const old = sql`
    select old.id
    from access_checks old join repositories on repositories.id = old.repository_id
    where repositories.team_id = ${teamId} and old.checked_at < now() - ${HISTORY} and (
      old.verdict = 'rate_limited' or 2 = (
        select count(*) from (
          select newer.id from access_checks newer
          where newer.repository_id = old.repository_id and newer.reference = old.reference
            and newer.identity = old.identity and newer.platform = old.platform
            and newer.vantage = old.vantage and newer.verdict <> 'rate_limited' and newer.id > old.id
          limit 2
        ) newest
      )
    )
    limit ${BATCH}`;
  for (;;) {
    const gone = await db().execute(
      sql`delete from access_checks where id in (${old})`,
    );
    if ((gone.rowCount ?? 0) < BATCH) return;
  }
}

/** Also what waits for work that this release does not know any more. */
async function pruneJobs(teamId: string): Promise<void> {
  const known = sql.join(
    JOB_KINDS.map((kind) => sql`${kind}`),
    sql`, `,
  );
  await db().execute(sql`
    delete from jobs where team_id = ${teamId}
      and (finished_at < now() - ${FINISHED} or kind not in (${known}))`);
}
