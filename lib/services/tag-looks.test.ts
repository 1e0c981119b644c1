import { and, eq, sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { db } from '@/db';
import {
  accessCurrent,
  accessWatches,
  jobs,
  manifests,
  repositories,
  tagMoves,
  tags,
} from '@/db/schema';
import { makeActor, makeRegistry } from '@/db/testing/rows';
import { runJob } from '@/lib/jobs/loop';
import type { Actor } from '@/lib/auth';
import { log } from '@/lib/log';
import {
  type FakeRegistry,
  startFakeRegistry,
} from '@/lib/registry/testing/fake-registry';
import type { SeededImage } from '@/lib/registry/testing/fake-store';
import { sweepAccess } from '@/lib/services/access-sweep';
import { createProject, setProjectImage } from '@/lib/services/projects';
import { updateDefaults } from '@/lib/services/settings';
import { importPython } from '@/lib/services/tasks';

let actor: Actor;
let fake: FakeRegistry;
let image: SeededImage;

beforeEach(async () => {
  actor = await makeActor();
  fake = await startFakeRegistry({
    tls: false,
    mode: 'token',
    isPublic: () => true,
  });
  image = fake.store.seedImage('acme/etl', 'v1', { layers: ['1'] });
  await makeRegistry(actor, {
    host: fake.host,
    namespace: 'acme',
    plainHttp: true,
    allowedRanges: ['127.0.0.1/32'],
  });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await fake.close();
});

const useTags = (...names: string[]) =>
  importPython(actor, {
    source: `from flytekit import task\n${names.map((name) => `@task(container_image="${fake.host}/acme/etl:${name}")\ndef on_${name}(): ...\n`).join('')}`,
    fileName: 'flow.py',
    requirements: {},
    specs: [],
    project: 'flow',
  });

const sweep = () => sweepAccess(actor.teamId, () => 0.999);
const watchesOf = (platform: string) =>
  db()
    .select()
    .from(accessWatches)
    .where(
      and(
        eq(accessWatches.teamId, actor.teamId),
        eq(accessWatches.platform, platform),
      ),
    );
const makeTagsDue = () =>
  db()
    .update(accessWatches)
    .set({ dueAt: new Date(0) })
    .where(
      and(
        eq(accessWatches.teamId, actor.teamId),
        eq(accessWatches.platform, ''),
      ),
    );
const pointers = async () => {
  const rows = await db()
    .select({ name: tags.name, digest: tags.currentDigest })
    .from(tags)
    .innerJoin(repositories, eq(repositories.id, tags.repositoryId))
    .where(eq(repositories.teamId, actor.teamId));
  return Object.fromEntries(rows.map(({ name, digest }) => [name, digest]));
};

describe('the sweep, of tags in use', () => {
  it('sees where they point at once, and again after at most five minutes', async () => {
    await useTags('v1');
    await sweep();
    expect(await pointers()).toEqual({ v1: image.digest });
    const [watch] = await watchesOf('');
    expect(watch).toMatchObject({ reference: ':v1', reason: 'task' });
    const waitMs = (watch?.dueAt.getTime() ?? 0) - Date.now();
    expect(waitMs).toBeGreaterThan(3 * 60_000);
    expect(waitMs).toBeLessThanOrEqual(5 * 60_000);
  });

  it('writes a move and a tag that is gone down, and reads what is new', async () => {
    await useTags('v1');
    await sweep();
    const moved = fake.store.seedImage('acme/etl', 'v1', { layers: ['2'] });
    await makeTagsDue();
    await sweep();
    expect(await pointers()).toEqual({ v1: moved.digest });
    const known = await db()
      .select({ digest: manifests.digest })
      .from(manifests)
      .where(eq(manifests.teamId, actor.teamId));
    expect(known.map(({ digest }) => digest).sort()).toEqual(
      [image.digest, moved.digest].sort(),
    );
    fake.store.removeManifest('acme/etl', moved.digest);
    await makeTagsDue();
    await sweep();
    expect(await pointers()).toEqual({ v1: null });
    const moves = await db()
      .select({ to: tagMoves.toDigest })
      .from(tagMoves)
      .innerJoin(repositories, eq(repositories.id, tagMoves.repositoryId))
      .where(eq(repositories.teamId, actor.teamId));
    expect(moves.map(({ to }) => to)).toEqual([
      image.digest,
      moved.digest,
      null,
    ]);
  });

  it('asks one token for all tags of a repository, and one HEAD for each', async () => {
    const names = ['v1', 'v2', 'v3'];
    for (const name of names)
      fake.store.seedImage('acme/etl', name, { layers: ['1'] });
    await useTags(...names);
    await sweep();
    // Only the tags are due now, and nothing is collected.
    await db()
      .update(accessWatches)
      .set({
        dueAt: sql`case when ${accessWatches.platform} = '' then now() else now() + interval '1 hour' end`,
      })
      .where(eq(accessWatches.teamId, actor.teamId));
    fake.requests.length = 0;
    await sweep();
    const asked = fake.requests.map(({ method, path }) => `${method} ${path}`);
    expect(asked.filter((line) => line === 'GET /token')).toHaveLength(1);
    // The first of them is asked twice: once to be told where the tokens are.
    expect(asked.filter((line) => line.startsWith('HEAD '))).toHaveLength(4);
    expect(asked).toHaveLength(5);
  });

  it('goes on with the others when one of them cannot be read', async () => {
    fake.store.seedImage('acme/etl', 'v2', { layers: ['1'] });
    fake.script({
      when: ({ path }) => path === '/v2/acme/etl/manifests/v1',
      reply: { status: 403 },
    });
    await useTags('v1', 'v2');
    await sweep();
    expect(await pointers()).toEqual({ v1: null, v2: image.digest });
  });

  it('has a line in the log, and no error, for a host that does not answer', async () => {
    await useTags('v1');
    await fake.close();
    const error = vi.spyOn(log, 'error');
    const info = vi.spyOn(log, 'info');
    await sweep();
    expect(error).not.toHaveBeenCalled();
    expect(info.mock.calls).toEqual([
      [
        expect.objectContaining({
          code: 'REGISTRY_UNREACHABLE',
          host: fake.host,
        }),
        'tags could not be looked at',
      ],
    ]);
    const [watch] = await watchesOf('');
    expect(watch?.dueAt.getTime()).toBeLessThanOrEqual(Date.now() + 300_000);
  });

  it('comes back when it broke, however often it ran before', async () => {
    await useTags('v1');
    const ofTeam = eq(jobs.key, actor.teamId);
    const [job] = await db().select().from(jobs).where(ofTeam);
    if (!job) throw new Error('no sweep');
    const error = vi.spyOn(log, 'error').mockReturnValue(undefined);
    await runJob({ ...job, teamId: 'no team', attempts: 99 });
    expect(error).toHaveBeenCalledOnce();
    expect(await db().select().from(jobs).where(ofTeam)).toMatchObject([
      { finishedAt: null },
    ]);
  });
});

describe('the digest behind a tag in use', () => {
  const pinned = async () =>
    (await watchesOf('linux/amd64')).map(({ reference }) => reference).sort();

  it('is watched from the turn on that learned of it, in the place of the one before', async () => {
    await useTags('v1');
    await sweep();
    expect(await pinned()).toEqual([':v1', `@${image.digest}`]);
    const moved = fake.store.seedImage('acme/etl', 'v1', { layers: ['2'] });
    await makeTagsDue();
    await sweep();
    expect(await pinned()).toEqual([':v1', `@${moved.digest}`]);
  });

  it('has the tag looked at anew when it moves', async () => {
    await useTags('v1');
    await sweep();
    await db()
      .update(accessWatches)
      .set({ dueAt: new Date(Date.now() + 3_600_000) })
      .where(eq(accessWatches.reference, ':v1'));
    fake.store.seedImage('acme/etl', 'v1', { layers: ['2'] });
    await makeTagsDue();
    await sweep();
    const rows = await watchesOf('linux/amd64');
    const tag = rows.find(({ reference }) => reference === ':v1');
    expect(tag?.dueAt.getTime()).toBeLessThanOrEqual(Date.now());
  });
});

describe('what is collected', () => {
  it('is looked at for a platform that is added, in the next turn', async () => {
    await useTags('v1');
    await sweep();
    await updateDefaults(actor, {
      flytekitVersion: null,
      image: null,
      clusterPlatforms: ['linux/amd64', 'linux/arm64'],
    });
    const [job] = await db()
      .select()
      .from(jobs)
      .where(eq(jobs.key, actor.teamId));
    expect(job?.runAfter.getTime()).toBeLessThanOrEqual(Date.now());
    await sweep();
    const rows = await db()
      .select({
        reference: accessCurrent.reference,
        verdict: accessCurrent.verdict,
      })
      .from(accessCurrent)
      .innerJoin(repositories, eq(repositories.id, accessCurrent.repositoryId))
      .where(
        and(
          eq(repositories.teamId, actor.teamId),
          eq(accessCurrent.platform, 'linux/arm64'),
        ),
      )
      .orderBy(accessCurrent.reference);
    expect(rows).toEqual([
      { reference: ':v1', verdict: 'insecure_http' },
      { reference: `@${image.digest}`, verdict: 'insecure_http' },
    ]);
  });

  it('has the default image of a project without tasks', async () => {
    const { id: projectId } = await createProject(actor, { name: 'empty' });
    await setProjectImage(actor, {
      projectId,
      image: `${fake.host}/acme/etl:v1`,
    });
    await sweep();
    expect(await watchesOf('')).toMatchObject([
      { reference: ':v1', reason: 'default' },
    ]);
    expect(await pointers()).toEqual({ v1: image.digest });
  });
});
