import { eq, sql } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { db } from '@/db';
import {
  accessChecks,
  accessCurrent,
  jobs,
  registryContents,
} from '@/db/schema';
import { makeActor } from '@/db/testing/rows';
import { runJob } from '@/lib/jobs/loop';
import type { Actor } from '@/lib/auth';
import type { AccessVerdict } from '@/lib/registry/access';
import { ensureTeamJobs } from '@/lib/services/access-jobs';
import { pruneHistory } from '@/lib/services/history-pruning';
import { ensureRepository } from '@/lib/services/repositories';

let actor: Actor;
let repositoryId: string;
beforeEach(async () => {
  actor = await makeActor();
  repositoryId = (
    await ensureRepository(db(), actor.teamId, 'ghcr.io/acme/etl')
  ).id;
});

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);
const seen = (verdict: AccessVerdict, days: number, platform = 'linux/amd64') =>
  ({
    repositoryId,
    reference: ':v1',
    identity: 'anonymous',
    platform,
    vantage: 'server',
    verdict,
    evidence: {} as never,
    checkedAt: daysAgo(days),
  }) as const;
/** Days and verdicts of what is left, the newest last. */
const left = async () => {
  const rows = await db()
    .select()
    .from(accessChecks)
    .where(eq(accessChecks.repositoryId, repositoryId))
    .orderBy(accessChecks.id);
  return rows.map(
    ({ verdict, checkedAt }) =>
      `${Math.round((Date.now() - checkedAt.getTime()) / 86_400_000)} ${verdict}`,
  );
};
/** One after the other, so that their ids are in order. */
async function store(...rows: ReturnType<typeof seen>[]) {
  for (const row of rows) await db().insert(accessChecks).values(row);
}

describe('the history of access', () => {
  it('goes after 180 days, but for the last change and the line before it', async () => {
    await store(
      seen('private', 900),
      seen('public', 800),
      seen('private', 700),
      seen('rate_limited', 600),
      seen('public', 500),
    );
    await db().insert(accessCurrent).values(seen('public', 500));
    await pruneHistory(actor.teamId);
    expect(await left()).toEqual(['700 private', '500 public']);
    expect(
      await db()
        .select()
        .from(accessCurrent)
        .where(eq(accessCurrent.repositoryId, repositoryId)),
    ).toHaveLength(1);
  });

  it('stays while it is younger, and each platform has its own', async () => {
    await store(
      seen('private', 170),
      seen('public', 160),
      seen('private', 150),
      seen('rate_limited', 140),
      seen('public', 900, 'linux/arm64'),
    );
    const before = await left();
    await pruneHistory(actor.teamId);
    expect(await left()).toEqual(before);
  });

  it('of another team is left alone', async () => {
    await store(
      seen('private', 900),
      seen('public', 800),
      seen('private', 700),
    );
    await pruneHistory((await makeActor()).teamId);
    expect(await left()).toHaveLength(3);
  });
});

describe('jobs', () => {
  const add = (key: string, finishedAt: Date | null, kind = 'merge_log') =>
    db()
      .insert(jobs)
      .values({
        teamId: actor.teamId,
        kind: kind as 'merge_log',
        key,
        payload: {},
        finishedAt,
        createdAt: daysAgo(400),
      });
  const keys = async () => {
    const rows = await db()
      .select({ key: jobs.key })
      .from(jobs)
      .where(eq(jobs.teamId, actor.teamId));
    return rows.map(({ key }) => key).sort();
  };

  it('go a week after they are done; those that wait stay, unless nobody knows their work', async () => {
    await add('old', daysAgo(8));
    await add('young', daysAgo(6));
    await add('waiting', null);
    await add('unknown', null, 'refresh_tags');
    await pruneHistory(actor.teamId);
    expect(await keys()).toEqual(['waiting', 'young']);
  });

  it('prune themselves every day, for every team', async () => {
    await ensureTeamJobs();
    await ensureTeamJobs();
    const mine = sql`${jobs.key} = ${actor.teamId} and ${jobs.kind} = 'prune_history'`;
    const [job, ...others] = await db().select().from(jobs).where(mine);
    if (!job) throw new Error('no pruning');
    expect(others).toEqual([]);
    await add('old', daysAgo(8));
    await runJob({ ...job, attempts: 99 });
    expect(await keys()).not.toContain('old');
    const [after] = await db().select().from(jobs).where(mine);
    expect(after?.finishedAt).toBeNull();
    expect(after?.runAfter.getTime()).toBeGreaterThan(Date.now() + 80_000_000);
  });
});

it('what was read of images goes after 90 days', async () => {
  const row = (digest: string, days: number) => ({
    teamId: actor.teamId,
    digest,
    mediaType: 'text/plain',
    content: '{}',
    createdAt: daysAgo(days),
  });
  await db()
    .insert(registryContents)
    .values([row('old', 91), row('young', 89)]);
  await pruneHistory(actor.teamId);
  const rows = await db()
    .select({ digest: registryContents.digest })
    .from(registryContents)
    .where(eq(registryContents.teamId, actor.teamId));
  expect(rows).toEqual([{ digest: 'young' }]);
});
