import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { db } from '@/db';
import { buildAttempts, builds, buildSteps, imageSpecs } from '@/db/schema';
import {
  makeActor,
  makeRegistry,
  makeSpec,
  makeWorker,
} from '@/db/testing/rows';
import type { Actor } from '@/lib/auth';
import type { BuildState } from '@/lib/build/state';
import { getAttempt, getBuild } from '@/lib/services/build-views';
import { startBuild } from '@/lib/services/testing/starts';
import { getOverview } from '@/lib/services/overview';

let actor: Actor;
let specId: string;

beforeEach(async () => {
  actor = await makeActor();
  const { spec } = await makeSpec(actor, await makeRegistry(actor));
  specId = spec.id;
});

/** A build that got into this state, by whatever way. */
async function buildIn(state: BuildState, spec = specId): Promise<string> {
  const { id } = await startBuild(actor, { specId: spec, noCache: true });
  await db().update(builds).set({ state }).where(eq(builds.id, id));
  return id;
}

async function failing(): Promise<string[]> {
  return (await getOverview(actor)).failing.map((build) => build.id);
}

describe('getOverview', () => {
  it('is empty for a new team, and shows nothing of another', async () => {
    await buildIn('failed');
    await buildIn('building');
    expect(await getOverview(await makeActor())).toEqual({
      counts: { registries: 0, specs: 0, tasks: 0 },
      alerts: [],
      hasPublished: false,
      blocked: 'No worker is connected.',
      failing: [],
      credentials: [],
      running: [],
      recent: [],
    });
  });

  it('counts what is not archived', async () => {
    const other = await makeSpec(actor, await makeRegistry(actor));
    await db()
      .update(imageSpecs)
      .set({ archivedAt: new Date() })
      .where(eq(imageSpecs.id, other.spec.id));
    const { counts } = await getOverview(actor);
    expect(counts).toEqual({ registries: 2, specs: 1, tasks: 0 });
  });

  it.each<[BuildState[], boolean]>([
    [['failed'], true],
    [['published', 'timed_out'], true],
    [['lost', 'cancelled'], true],
    [['failed', 'building'], true],
    [['failed', 'published'], false],
    [['cancelled'], false],
  ])('after %j the spec needs attention: %s', async (states, isFailing) => {
    const ids: string[] = [];
    for (const state of states) ids.push(await buildIn(state));
    const bad = states.findLastIndex((state) =>
      ['failed', 'timed_out', 'lost'].includes(state),
    );
    expect(await failing()).toEqual(isFailing ? [ids[bad]] : []);
  });

  it('leaves archived specs alone', async () => {
    await buildIn('failed');
    await db()
      .update(imageSpecs)
      .set({ archivedAt: new Date() })
      .where(eq(imageSpecs.id, specId));
    expect(await failing()).toEqual([]);
  });

  it('says how far a running build has come, and where a queued one stands', async () => {
    const worker = await makeWorker(actor);
    const running = await buildIn('building');
    const queued = await buildIn('queued');
    await db().insert(buildAttempts).values({
      buildId: running,
      attempt: 1,
      workerId: worker.workerId,
      leaseUntil: new Date(),
      dockerfile: 'FROM base',
    });
    await db()
      .update(builds)
      .set({ currentAttempt: 1 })
      .where(eq(builds.id, running));
    const step = {
      buildId: running,
      attempt: 1,
      parents: [],
      stage: '',
      cached: false,
      seq: 1,
    };
    await db()
      .insert(buildSteps)
      .values([
        { ...step, key: 'a', position: 0, name: 'FROM base', state: 'done' },
        { ...step, key: 'b', position: 1, name: 'RUN true', state: 'running' },
        { ...step, key: 'c', position: 2, name: 'RUN false', state: 'queued' },
      ]);
    const overview = await getOverview(actor);
    expect(overview.blocked).toBeNull();
    expect(
      overview.running.map(({ build, ...rest }) => [build.id, rest]),
    ).toEqual([
      [
        running,
        { steps: { done: 1, total: 3, current: 'RUN true' }, queue: null },
      ],
      [
        queued,
        {
          steps: { done: 0, total: 0, current: null },
          queue: {
            position: 1,
            reason: 'Starts in a moment',
            canStart: true,
          },
        },
      ],
    ]);
    expect(overview.running[0]?.build.workerId).toBe(worker.workerId);
  });
});

describe('getAttempt', () => {
  it('gives an earlier attempt its own steps and Dockerfile', async () => {
    const id = await buildIn('building');
    for (const attempt of [1, 2]) {
      await db()
        .insert(buildAttempts)
        .values({
          buildId: id,
          attempt,
          leaseUntil: new Date(),
          dockerfile: `FROM base:${attempt}`,
        });
      await db()
        .insert(buildSteps)
        .values({
          buildId: id,
          attempt,
          key: `step ${attempt}`,
          position: 0,
          parents: [],
          stage: '',
          name: 'RUN true',
          state: 'done',
          cached: false,
          seq: 1,
        });
    }
    await db()
      .update(builds)
      .set({ currentAttempt: 2 })
      .where(eq(builds.id, id));
    const first = await getAttempt(actor, id, 1);
    expect(first.dockerfile).toBe('FROM base:1');
    expect(first.steps.map((step) => step.key)).toEqual(['step 1']);
    expect((await getBuild(actor, id)).steps.map((step) => step.key)).toEqual([
      'step 2',
    ]);
  });

  it.each(['another team', 'an attempt that never was'])(
    'finds nothing for %s',
    async (who) => {
      const id = await buildIn('building');
      await db()
        .insert(buildAttempts)
        .values({ buildId: id, attempt: 1, leaseUntil: new Date() });
      const [asker, attempt] =
        who === 'another team' ? [await makeActor(), 1] : [actor, 9];
      await expect(getAttempt(asker, id, attempt)).rejects.toMatchObject({
        code: 'NOT_FOUND',
      });
    },
  );
});
