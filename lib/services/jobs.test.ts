import { eq, sql } from 'drizzle-orm';
import { beforeEach, expect, it } from 'vitest';
import { db } from '@/db';
import { jobs } from '@/db/schema';
import { makeActor } from '@/db/testing/rows';
import {
  addJob,
  finishJob,
  nextJobDelayMs,
  renewJob,
  retryJob,
  takeJob,
} from '@/lib/services/jobs';

let teamId: string;

beforeEach(async () => {
  await db().delete(jobs);
  ({ teamId } = await makeActor());
});

const add = (key: string, delayMs = 0) =>
  addJob(db(), { teamId, kind: 'merge_log', key, payload: { key }, delayMs });
const passLease = (id: string) =>
  db()
    .update(jobs)
    .set({ leaseUntil: sql`now() - interval '1 second'` })
    .where(eq(jobs.id, id));

it('gives each job to one taker', async () => {
  await Promise.all(
    Array.from({ length: 10 }, (_, index) => add(`job ${index}`)),
  );
  const taken = await Promise.all(Array.from({ length: 12 }, () => takeJob()));
  const keys = taken.flatMap((job) => job?.key ?? []);
  expect(new Set(keys).size).toBe(keys.length);
  const rest = [];
  for (let job = await takeJob(); job; job = await takeJob())
    rest.push(job.key);
  expect([...keys, ...rest].sort()).toEqual(
    Array.from({ length: 10 }, (_, index) => `job ${index}`).sort(),
  );
});

it('asks twice for what is pending once, and again when it is done', async () => {
  await add('same');
  await add('same');
  const job = await takeJob();
  expect(await takeJob()).toBeNull();
  await finishJob(job?.id ?? '');
  await add('same');
  expect((await takeJob())?.id).not.toBe(job?.id);
});

it('gives a job again when its process is gone, and not while it renews its lease', async () => {
  await add('lost');
  const first = await takeJob();
  expect(await takeJob()).toBeNull();
  await passLease(first?.id ?? '');
  await renewJob(first?.id ?? '');
  expect(await takeJob()).toBeNull();
  await passLease(first?.id ?? '');
  expect(await takeJob()).toMatchObject({ id: first?.id, attempts: 2 });
});

it('waits as long as a job asks', async () => {
  await add('later', 60_000);
  expect(await takeJob()).toBeNull();
  expect(await nextJobDelayMs()).toBeGreaterThan(50_000);
  await add('now');
  const job = await takeJob();
  await retryJob(job?.id ?? '', 30_000, 'It does not answer.');
  expect(await takeJob()).toBeNull();
});
