import { beforeEach, describe, expect, it } from 'vitest';
import { db } from '@/db';
import {
  buildAttempts,
  builds,
  buildSteps,
  manifests,
  repositories,
} from '@/db/schema';
import {
  makeActor,
  makeRegistry,
  makeSpec,
  makeWorker,
} from '@/db/testing/rows';
import type { Actor } from '@/lib/auth';
import type { BuildPage } from '@/lib/build/list-filter';
import { listBuildChoices } from '@/lib/services/build-choices';
import { listBuilds, recentBuilds } from '@/lib/services/build-list';

const T = Date.parse('2026-11-27T10:00:00Z');
const DAY_MS = 24 * 60 * 60 * 1000;
const digest = (sign: string) => `sha256:${sign.repeat(64)}`;

let actor: Actor;
let registry: Awaited<ReturnType<typeof makeRegistry>>;
let etl: Awaited<ReturnType<typeof makeSpec>>;
let count = 0;

beforeEach(async () => {
  actor = await makeActor();
  registry = await makeRegistry(actor);
  etl = await makeSpec(actor, registry, { name: 'etl' });
  count = 0;
});

async function makeRepository(registryId: string): Promise<string> {
  const [row] = await db()
    .insert(repositories)
    .values({
      teamId: actor.teamId,
      registryId,
      host: 'registry.example.com',
      path: `acme/${registryId}`,
    })
    .onConflictDoUpdate({
      target: [repositories.teamId, repositories.host, repositories.path],
      set: { registryId },
    })
    .returning();
  return row?.id ?? '';
}

/** A build that ran `seconds`; gives its number. */
async function build(
  seconds: number | null,
  values: Partial<typeof builds.$inferInsert> = {},
  of = etl,
  pushedTo = registry.id,
): Promise<{ id: string; number: number; repositoryId: string }> {
  count += 1;
  const [row] = await db()
    .insert(builds)
    .values({
      teamId: actor.teamId,
      number: count,
      specId: of.spec.id,
      revisionId: of.revision.id,
      cause: 'manual',
      startedBy: actor.userId,
      platform: 'linux/amd64',
      repositoryId: await makeRepository(pushedTo),
      tag: 'v1',
      state: 'published',
      currentAttempt: 1,
      startedAt: seconds === null ? null : new Date(T),
      finishedAt: seconds === null ? null : new Date(T + seconds * 1000),
      ...values,
    })
    .returning();
  if (!row) throw new Error('The build was not stored.');
  return row;
}

async function runOn(buildId: string, workerId: string, attempt = 1) {
  await db()
    .insert(buildAttempts)
    .values({ buildId, attempt, workerId, leaseUntil: new Date(T) });
}

const numbers = async (page: BuildPage) =>
  (await listBuilds(actor, page)).items.map(({ number }) => number);

describe('listBuilds', () => {
  it('narrows down by what an address may say, and counts what fits', async () => {
    const other = await makeActor({ teamId: actor.teamId });
    const train = await makeSpec(actor, registry, { name: 'train' });
    const elsewhere = await makeRegistry(actor);
    const worker = await makeWorker(actor);
    await build(1, { digest: digest('a') });
    await build(1, { state: 'timed_out', startedBy: other.userId });
    await build(1, { tag: 'Nightly', digest: digest('b') }, train);
    const old = new Date(Date.now() - 10 * DAY_MS);
    await build(1, { createdAt: old }, etl, elsewhere.id);
    const moved = await build(null, { state: 'building', currentAttempt: 2 });
    await runOn(moved.id, (await makeWorker(actor)).workerId);
    await runOn(moved.id, worker.workerId, 2);

    const cases: [BuildPage, number[]][] = [
      [{}, [5, 4, 3, 2, 1]],
      [{ state: 'failed' }, [2]],
      [{ state: 'moving' }, [5]],
      [{ state: 'cancelled' }, []],
      [{ spec: train.spec.id }, [3]],
      [{ person: other.userId }, [2]],
      [{ worker: worker.workerId }, [5]],
      [{ registry: elsewhere.id }, [4]],
      [{ since: '7' }, [5, 3, 2, 1]],
      [{ q: 'TRAI' }, [3]],
      [{ q: 'night' }, [3]],
      [{ q: digest('a').slice(0, 20) }, [1]],
      [{ q: 'bbbbbbbb' }, [3]],
      [{ q: '#2' }, [2]],
      [{ q: '%' }, []],
      [{ spec: etl.spec.id, state: 'published', since: '7' }, [1]],
    ];
    for (const [page, expected] of cases) {
      const found = await listBuilds(actor, page);
      const what = JSON.stringify(page);
      expect(
        found.items.map(({ number }) => number),
        what,
      ).toEqual(expected);
      expect(found.count, what).toBe(expected.length);
    }
  });

  it('finds no digest that was never published', async () => {
    await build(1, { state: 'failed', digest: digest('a') });
    expect(await numbers({ q: digest('a') })).toEqual([]);
  });

  it('gives each build once over its pages, the newest first', async () => {
    for (let index = 0; index < 60; index += 1) await build(1);
    const first = await listBuilds(actor);
    expect(first.items).toHaveLength(50);
    expect(first.count).toBe(60);
    const second = await listBuilds(actor, { before: first.next ?? '' });
    expect(second.next).toBeNull();
    expect(
      [...first.items, ...second.items].map(({ number }) => number),
    ).toEqual(Array.from({ length: 60 }, (_, index) => 60 - index));
  });

  it('gives the longest first, page by page, also where many took as long', async () => {
    for (let index = 0; index < 60; index += 1) await build(index % 3);
    await build(null, { state: 'queued', currentAttempt: 0 });
    const first = await listBuilds(actor, { sort: 'longest' });
    const second = await listBuilds(actor, {
      sort: 'longest',
      before: first.next ?? '',
    });
    const all = [...first.items, ...second.items];
    expect(new Set(all.map(({ id }) => id)).size).toBe(60);
    const took = all.map(
      ({ startedAt, finishedAt }) =>
        Date.parse(finishedAt ?? '') - Date.parse(startedAt ?? ''),
    );
    expect(took).toEqual(took.toSorted((a, b) => b - a));
    expect(first.count).toBe(60);
  });

  it('says what came from the cache of the current attempt, and how large the image is', async () => {
    const { id, repositoryId } = await build(1, {
      digest: digest('a'),
      currentAttempt: 2,
    });
    const { workerId } = await makeWorker(actor);
    for (const attempt of [1, 2]) await runOn(id, workerId, attempt);
    const step = (attempt: number, key: string, cached: boolean) => ({
      buildId: id,
      attempt,
      key,
      position: 0,
      parents: [],
      stage: '',
      name: key,
      state: 'done' as const,
      cached,
      seq: 1,
    });
    await db()
      .insert(buildSteps)
      .values([
        step(1, 'a', false),
        step(2, 'a', true),
        step(2, 'b', true),
        step(2, 'c', false),
      ]);
    await db()
      .insert(manifests)
      .values({
        repositoryId,
        digest: digest('a'),
        teamId: actor.teamId,
        kind: 'image',
        mediaType: 'application/vnd.oci.image.manifest.v1+json',
        sizeBytes: 1234,
      });
    await build(1, { state: 'failed', digest: digest('a'), currentAttempt: 0 });
    const [failed, published] = (await listBuilds(actor)).items;
    expect(published).toMatchObject({
      cache: { cached: 2, total: 3 },
      sizeBytes: 1234,
    });
    expect(failed).toMatchObject({
      cache: { cached: 0, total: 0 },
      sizeBytes: null,
    });
  });

  it('shows nothing of another team, whatever is asked', async () => {
    const { id } = await build(1);
    const stranger = await makeActor();
    for (const page of [
      {},
      { spec: etl.spec.id },
      { q: 'etl' },
      { registry: registry.id },
      { person: actor.userId },
      { sort: 'longest' as const, before: id },
    ]) {
      expect((await listBuilds(stranger, page)).items).toEqual([]);
      expect(await recentBuilds(stranger, page)).toEqual([]);
    }
    const choices = await listBuildChoices(stranger, { spec: etl.spec.id });
    expect(choices.specs).toEqual([]);
    expect(choices.registries).toEqual([]);
    expect(choices.people).toHaveLength(1);
  });
});

describe('recentBuilds', () => {
  it('has the last 30 that fit, the newest first, however the list is sorted', async () => {
    for (let index = 0; index < 32; index += 1) await build(100 - index);
    await build(1, { state: 'failed' });
    const found = await recentBuilds(actor, {
      state: 'published',
      sort: 'longest',
    });
    expect(found.map(({ number }) => number)).toEqual(
      Array.from({ length: 30 }, (_, index) => 32 - index),
    );
  });
});
