import { randomUUID } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { db } from '@/db';
import { buildAttempts, jobs, registries, specRevisions } from '@/db/schema';
import { makeActor, READY } from '@/db/testing/rows';
import { askFor } from '@/lib/build/schema';
import { cancelBuild } from '@/lib/services/build-cancel';
import { endExpiredLeases } from '@/lib/services/build-ends';
import { listBuilds, recentBuilds } from '@/lib/services/build-list';
import { rebuild, startBuilds } from '@/lib/services/build-start';
import { getBuild } from '@/lib/services/build-views';
import { getOverview } from '@/lib/services/overview';
import { getSpec } from '@/lib/services/spec-views';
import { claimedJob, newClaim } from '@/lib/services/testing/claims';
import {
  claimFor,
  finishRun,
  makePartsFixture,
  type PartsFixture,
  settle,
  tellStates,
} from '@/lib/services/testing/part-runs';
import { startBuild } from '@/lib/services/testing/starts';

const PUSHED = ['building', 'pushing'] as const;

let fixture: PartsFixture;
beforeEach(async () => {
  fixture = await makePartsFixture();
});
afterEach(() => fixture.fake.close());

const FAILED = {
  outcome: 'failed',
  failure: {
    code: 'BUILD_COMMAND_FAILED',
    message: 'pip ended with 1.',
    step: null,
    exitCode: 1,
  },
} as const;

describe('a build for several platforms', () => {
  it('is one build with a part for each, which workers take and it is not', async () => {
    const { id, number } = await fixture.start();
    const parts = await fixture.partsOf(id);
    expect(parts).toMatchObject([
      {
        platform: 'linux/amd64',
        tag: 'v1-linux-amd64',
        state: 'queued',
        number,
      },
      {
        platform: 'linux/arm64',
        tag: 'v1-linux-arm64',
        state: 'queued',
        number,
      },
    ]);
    expect(await claimFor(fixture.worker, 'linux/arm64')).toMatchObject({
      buildId: parts[1]?.id,
    });
    const claim = newClaim({
      ...READY,
      platforms: ['linux/amd64', 'linux/arm64'],
    });
    const signal = AbortSignal.abort();
    expect(await claimedJob(fixture.worker, claim, signal)).toMatchObject({
      buildId: parts[0]?.id,
    });
    const next = { ...claim, key: randomUUID() };
    expect(await claimedJob(fixture.worker, next, signal)).toBeNull();
  });

  it('moves as its parts do', async () => {
    const { id } = await fixture.start();
    const states = async () => {
      await settle(['follow_parts']);
      return (await fixture.read(id)).state;
    };
    expect(await states()).toBe('queued');
    const amd64 = await fixture.take('linux/amd64');
    expect(await states()).toBe('claimed');
    await tellStates(fixture.worker, amd64, ['building']);
    expect(await states()).toBe('building');
    const arm64 = await fixture.take('linux/arm64');
    await tellStates(fixture.worker, amd64, ['pushing'], 2);
    expect(await states()).toBe('building');
    await tellStates(fixture.worker, arm64, PUSHED);
    expect(await states()).toBe('pushing');
  });

  it('is queued again with a part whose worker went away, which is taken again', async () => {
    const { id } = await fixture.start();
    const run = await fixture.take('linux/arm64');
    await db()
      .update(buildAttempts)
      .set({ leaseUntil: new Date(0) })
      .where(eq(buildAttempts.buildId, run.buildId));
    await settle(['follow_parts']);
    await endExpiredLeases();
    await settle(['follow_parts']);
    expect((await fixture.read(id)).state).toBe('queued');
    expect(await fixture.take('linux/arm64')).toMatchObject({ attempt: 2 });
  });

  it('ends with the part that failed, says for which platform, and stops the other', async () => {
    const { id } = await fixture.start();
    const amd64 = await fixture.take('linux/amd64');
    const arm64 = await fixture.take('linux/arm64');
    await tellStates(fixture.worker, arm64, ['building']);
    await finishRun(fixture.worker, arm64, ['building'], FAILED);
    await settle(['follow_parts']);
    expect(await fixture.read(id)).toMatchObject({
      state: 'failed',
      failure: {
        code: 'BUILD_COMMAND_FAILED',
        message: 'linux/arm64: pip ended with 1.',
      },
      parts: [{ state: 'cancelling' }, { state: 'failed' }],
    });
    await finishRun(fixture.worker, amd64, [], { outcome: 'cancelled' });
    await settle(['follow_parts']);
    expect((await fixture.read(id)).parts[0]?.state).toBe('cancelled');
  });

  it('is stopped with all its parts, from the page of one of them too', async () => {
    const { id } = await fixture.start();
    const run = await fixture.take('linux/amd64');
    // Nothing has told the build of this claim yet.
    const [, waiting] = await fixture.partsOf(id);
    expect(
      await cancelBuild(fixture.actor, { buildId: waiting?.id ?? '' }),
    ).toEqual({ state: 'cancelling' });
    expect((await fixture.partsOf(id)).map(({ state }) => state)).toEqual([
      'cancelling',
      'cancelled',
    ]);
    await finishRun(fixture.worker, run, [], { outcome: 'cancelled' });
    await settle(['follow_parts']);
    expect(await fixture.read(id)).toMatchObject({
      state: 'cancelled',
      cancelledBy: fixture.actor.name,
    });
  });

  it('is stopped at once while nobody took a part', async () => {
    const { id } = await fixture.start();
    await cancelBuild(fixture.actor, { buildId: id });
    await settle(['follow_parts']);
    expect(await fixture.read(id)).toMatchObject({
      state: 'cancelled',
      parts: [{ state: 'cancelled' }, { state: 'cancelled' }],
    });
  });

  it('ends once, whatever is told of its parts while it is stopped', async () => {
    const { id } = await fixture.start();
    const runs = [
      await fixture.take('linux/amd64'),
      await fixture.take('linux/arm64'),
    ];
    await settle(['follow_parts']);
    const cancel = cancelBuild(fixture.actor, { buildId: id }).catch(
      // It may have failed by then.
      (error: unknown) =>
        expect(error).toMatchObject({ code: 'BUILD_NOT_MOVABLE' }),
    );
    await Promise.all([
      cancel,
      settle(['follow_parts']),
      ...runs.map((run) => finishRun(fixture.worker, run, [], FAILED)),
    ]);
    await settle(['follow_parts']);
    const view = await fixture.read(id);
    expect(['cancelled', 'failed']).toContain(view.state);
    for (const part of view.parts)
      expect(['cancelled', 'failed']).toContain(part.state);
  });

  it('is not found by another team, nor are its parts', async () => {
    const { id } = await fixture.start();
    const [part] = await fixture.partsOf(id);
    const other = await makeActor();
    for (const buildId of [id, part?.id ?? '']) {
      const not = { code: 'NOT_FOUND' };
      await expect(getBuild(other, buildId)).rejects.toMatchObject(not);
      await expect(cancelBuild(other, { buildId })).rejects.toMatchObject(not);
    }
  });

  it('is retried as a whole, with a part asked for too', async () => {
    const { id } = await fixture.start();
    const [part] = await fixture.partsOf(id);
    await cancelBuild(fixture.actor, { buildId: id });
    const buildId = part?.id ?? '';
    const again = await rebuild(fixture.actor, { buildId, noCache: true });
    expect(await fixture.partsOf(again.id)).toHaveLength(2);
    expect((await fixture.read(again.id)).ask.earlier).toEqual({
      id,
      number: (await fixture.read(id)).number,
    });
    expect(
      (await fixture.partsOf(again.id)).every(({ noCache }) => noCache),
    ).toBe(true);
  });

  it('is superseded with its parts while they wait, and left once one runs', async () => {
    const { id: _, createdAt: __, ...first } = fixture.spec.revision;
    for (const number of [2, 3])
      await db()
        .insert(specRevisions)
        .values({ ...first, number, definitionHash: `other ${number}` });
    const ask = (revision: number) =>
      startBuild(fixture.actor, {
        specId: fixture.spec.spec.id,
        revision,
        noCache: false,
      });
    const waiting = await ask(1);
    const running = await ask(2);
    expect(await fixture.read(waiting.id)).toMatchObject({
      state: 'cancelled',
      ask: { supersededBy: { id: running.id } },
      parts: [{ state: 'cancelled' }, { state: 'cancelled' }],
    });
    await fixture.take('linux/arm64');
    await ask(3);
    expect((await fixture.read(running.id)).parts).toMatchObject([
      { state: 'queued' },
      { state: 'claimed' },
    ]);
  });

  it('is asked for once by two, and goes on for the other', async () => {
    const { id } = await fixture.start();
    const other = await makeActor({ teamId: fixture.actor.teamId });
    const { builds: asked } = await startBuilds(
      other,
      askFor([{ specId: fixture.spec.spec.id }]),
    );
    expect(asked).toMatchObject([{ id, how: 'joined' }]);
    await cancelBuild(other, { buildId: id });
    expect((await fixture.partsOf(id)).map(({ state }) => state)).toEqual([
      'queued',
      'queued',
    ]);
  });
});

describe('lists of builds', () => {
  it('show a build with parts once, and no part', async () => {
    const { id } = await fixture.start();
    await fixture.take('linux/arm64');
    await settle(['follow_parts']);
    const { actor } = fixture;
    const ids = (items: readonly { id: string }[]) =>
      items.map((one) => one.id);
    const list = await listBuilds(actor);
    expect([ids(list.items), list.count]).toEqual([[id], 1]);
    expect(ids(await recentBuilds(actor, {}))).toEqual([id]);
    const overview = await getOverview(actor);
    expect(overview.running.map(({ build }) => build.id)).toEqual([id]);
    expect((await getSpec(actor, fixture.spec.spec.id)).buildCount).toBe(1);
    const onIt = await listBuilds(actor, { worker: fixture.worker.workerId });
    expect(ids(onIt.items)).toEqual([id]);
  });

  it('number the next build as if there were no parts', async () => {
    const first = await fixture.start();
    const second = await fixture.start(await fixture.specFor('linux/amd64'));
    expect(second.number).toBe(first.number + 1);
  });

  it('compare with the build before, and a part with that of its platform', async () => {
    const first = await fixture.start();
    await cancelBuild(fixture.actor, { buildId: first.id });
    const second = await fixture.start();
    expect((await fixture.read(second.id)).previous?.id).toBe(first.id);
    const [before] = await fixture.partsOf(first.id);
    const [after] = await fixture.partsOf(second.id);
    expect((await fixture.read(after?.id ?? '')).previous?.id).toBe(before?.id);
  });
});

describe('why a build with parts waits', () => {
  it('says which platform no worker builds for', async () => {
    const { id } = await fixture.start();
    const view = await fixture.read(id);
    expect(view.queue).toMatchObject({
      canStart: false,
      reason: expect.stringContaining(
        'No worker builds for linux/arm64',
      ) as string,
    });
    expect(view.parts.map(({ queue }) => queue?.canStart)).toEqual([
      true,
      false,
    ]);
  });

  it('counts its parts and not itself, in the queue and at a registry that takes one at a time', async () => {
    await fixture.start();
    await db()
      .update(registries)
      .set({ maxBuilds: 1 })
      .where(eq(registries.id, fixture.registryId));
    const other = await fixture.start(await fixture.specFor('linux/amd64'));
    expect((await fixture.read(other.id)).queue?.position).toBe(3);
    const run = await fixture.take('linux/amd64');
    await settle(['follow_parts']);
    expect(await claimFor(fixture.worker, 'linux/arm64')).toBeNull();
    await fixture.push(run, 'linux/amd64');
    await settle();
    expect(await claimFor(fixture.worker, 'linux/arm64')).not.toBeNull();
  });
});

describe('the page of a part', () => {
  it('says what it is a part of, and who asked', async () => {
    const { id, number } = await fixture.start();
    const [part] = await fixture.partsOf(id);
    expect(await fixture.read(part?.id ?? '')).toMatchObject({
      partOf: { id, number },
      platform: 'linux/amd64',
      parts: [],
      ask: { askers: [{ userId: fixture.actor.userId }] },
    });
  });
});

describe('moves of parts', () => {
  it('are told to the build each by a job of its own, though one waits already', async () => {
    const { id } = await fixture.start();
    const run = await fixture.take('linux/amd64');
    await tellStates(fixture.worker, run, ['building']);
    const told = await db()
      .select({ payload: jobs.payload })
      .from(jobs)
      .where(
        and(
          eq(jobs.kind, 'follow_parts'),
          eq(jobs.teamId, fixture.actor.teamId),
        ),
      );
    expect(told).toEqual([
      { payload: { buildId: id } },
      { payload: { buildId: id } },
    ]);
  });
});
