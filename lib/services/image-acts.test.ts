import { randomUUID } from 'node:crypto';
import { and, eq, sql } from 'drizzle-orm';
import { afterEach, describe, expect, it } from 'vitest';
import { db } from '@/db';
import {
  auditEvents,
  jobs,
  projects,
  taskImages,
  tasks,
  taskVersions,
} from '@/db/schema';
import { makeActor } from '@/db/testing/rows';
import { runJob } from '@/lib/jobs/loop';
import { failure } from '@/lib/registry/testing/fake-store';
import { distributionInventory } from '@/lib/registry/testing/registries/distribution';
import { garInventory } from '@/lib/registry/testing/registries/gar';
import { deleteImage, deleteTag, retagImage } from '@/lib/services/image-acts';
import { cancelCopy, getCopy, startCopy } from '@/lib/services/image-copies';
import { getImpact } from '@/lib/services/image-impact';
import { listImages } from '@/lib/services/image-list';
import { getImage } from '@/lib/services/image-views';
import { readScan } from '@/lib/services/registry-scans';
import { getTagHistory } from '@/lib/services/repository-views';
import { requestSync } from '@/lib/services/sync-state';
import {
  makeRegistryFixture,
  type RegistryFixture,
} from '@/lib/services/testing/registry-fixture';

const open: RegistryFixture[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map(({ fake }) => fake.close()));
});

async function runPending(key: string) {
  const [job] = await db()
    .select()
    .from(jobs)
    .where(and(eq(jobs.key, key), sql`${jobs.finishedAt} is null`));
  if (!job) throw new Error('Nothing waits.');
  await runJob(job);
}

/** A read repository with an index over two platforms under `1` and a plain image under `plain`. */
async function start() {
  const fixture = await makeRegistryFixture();
  open.push(fixture);
  const { store } = fixture.fake;
  const plain = store.seedImage('acme/etl', 'plain', { layers: ['plain'] });
  const amd = store.seedImage('acme/etl', null, { layers: ['a'] });
  const arm = store.seedImage('acme/etl', null, {
    platform: 'linux/arm64',
    layers: ['b'],
  });
  const index = store.seedIndex('acme/etl', '1', {
    'linux/amd64': amd,
    'linux/arm64': arm,
  });
  const { id } = await fixture.repository('acme/etl');
  await requestSync(fixture.actor, { repositoryId: id });
  await runPending(id);
  const name = `${fixture.fake.host}/acme/etl`;
  return { ...fixture, id, name, plain: plain.digest, amd: amd.digest, index };
}

/** A task whose newest version runs on an image, pinned or by a tag. */
async function makeTask(
  teamId: string,
  repositoryId: string,
  image: { tag: string } | { digest: string },
) {
  const [project] = await db()
    .insert(projects)
    .values({ teamId, name: `p-${randomUUID().slice(0, 8)}` })
    .returning();
  const name = `m.task_${randomUUID().slice(0, 8)}`;
  const [task] = await db()
    .insert(tasks)
    .values({ teamId, projectId: project?.id ?? '', name })
    .returning();
  const [version] = await db()
    .insert(taskVersions)
    .values({
      taskId: task?.id ?? '',
      version: 'v',
      origin: 'python',
      fileName: 'm.py',
      line: 1,
    })
    .returning();
  await db()
    .insert(taskImages)
    .values({
      taskVersionId: version?.id ?? '',
      container: 'primary',
      reference: '',
      known: 'reference',
      repositoryId,
      ...image,
    });
  return name;
}

const there = ({ fake }: RegistryFixture, path: string) =>
  fake.store.repositories.get(path);

describe('tagging', () => {
  it('puts the same bytes under one more tag, and records the move', async () => {
    const at = await start();
    await retagImage(at.actor, {
      repositoryId: at.id,
      digest: at.plain,
      tag: 'stable',
      mayMove: false,
    });
    expect(there(at, 'acme/etl')?.tags.get('stable')).toBe(at.plain);
    const image = await getImage(at.actor, {
      repositoryId: at.id,
      digest: at.plain,
    });
    expect(image.tags).toEqual(['plain', 'stable']);
    const [deed] = await db()
      .select()
      .from(auditEvents)
      .where(
        and(
          eq(auditEvents.teamId, at.actor.teamId),
          eq(auditEvents.action, 'image.retag'),
        ),
      );
    expect(deed).toMatchObject({
      subject: `${at.name}:stable`,
      userId: at.actor.userId,
    });
  });

  it('refuses a tag that points elsewhere by now, unless it may move', async () => {
    const at = await start();
    // Moved in the registry after it was read here.
    const { digest: other } = at.fake.store.seedImage('acme/etl', 'new', {
      layers: ['x'],
    });
    const input = { repositoryId: at.id, digest: at.plain, tag: 'new' };
    await expect(
      retagImage(at.actor, { ...input, mayMove: false }),
    ).rejects.toMatchObject({
      code: 'TAG_TAKEN',
      fields: { tag: expect.stringContaining(other.slice(0, 19)) as string },
    });
    expect(there(at, 'acme/etl')?.tags.get('new')).toBe(other);
    await retagImage(at.actor, { ...input, mayMove: true });
    expect(await getTagHistory(at.actor, at.id, 'new')).toMatchObject([
      { from: other, to: at.plain },
      { from: null, to: other },
    ]);
  });
});

describe('deleting', () => {
  it('a digest takes its tags with it, and the inventory says so', async () => {
    const at = await start();
    await deleteImage(at.actor, {
      repositoryId: at.id,
      digest: at.plain,
      withParts: false,
      confirmation: '',
    });
    expect(there(at, 'acme/etl')?.manifests.has(at.plain)).toBe(false);
    const image = await getImage(at.actor, {
      repositoryId: at.id,
      digest: at.plain,
    });
    expect(image).toMatchObject({
      tags: [],
      goneAt: expect.any(String) as string,
    });
    expect((await getTagHistory(at.actor, at.id, 'plain'))[0]).toMatchObject({
      to: null,
    });
    expect((await readScan(at.registryId))?.deletesDigests).toBe(true);
    expect((await listImages(at.actor, { gone: 'only' })).items).toMatchObject([
      { digest: at.plain },
    ]);
  });

  it('a part that an index needs is refused; the index takes its parts with it', async () => {
    const at = await start();
    const part = {
      repositoryId: at.id,
      digest: at.amd,
      withParts: true,
      confirmation: at.name,
    };
    await expect(deleteImage(at.actor, part)).rejects.toMatchObject({
      code: 'IMAGE_PART_OF_INDEX',
    });
    expect(there(at, 'acme/etl')?.manifests.has(at.amd)).toBe(true);
    const { deleted } = await deleteImage(at.actor, {
      ...part,
      digest: at.index,
      confirmation: '',
    });
    expect(deleted).toBe(3);
    expect(there(at, 'acme/etl')?.manifests.has(at.amd)).toBe(false);
  });

  it('keeps a part that a tag needs too', async () => {
    const at = await start();
    await retagImage(at.actor, {
      repositoryId: at.id,
      digest: at.amd,
      tag: 'amd',
      mayMove: false,
    });
    const impact = await getImpact(at.actor, {
      repositoryId: at.id,
      digest: at.index,
    });
    expect(impact.parts).toMatchObject([
      { digest: at.amd, isShared: true },
      { isShared: false },
    ]);
    await deleteImage(at.actor, {
      repositoryId: at.id,
      digest: at.index,
      withParts: true,
      confirmation: '',
    });
    expect(there(at, 'acme/etl')?.manifests.has(at.amd)).toBe(true);
  });

  it.each([
    ['pinned', (digest: string) => ({ digest })],
    ['by a tag', () => ({ tag: 'plain' })],
  ])(
    'what a task runs on, %s, takes an owner who types the name',
    async (_, image) => {
      const at = await start();
      const task = await makeTask(at.actor.teamId, at.id, image(at.plain));
      const input = { repositoryId: at.id, digest: at.plain, withParts: false };
      expect((await getImpact(at.actor, input)).tasks).toMatchObject([
        { name: task },
      ]);
      const member = await makeActor({
        role: 'member',
        teamId: at.actor.teamId,
      });
      for (const [actor, confirmation] of [
        [at.actor, ''],
        [at.actor, 'etl'],
        [member, at.name],
      ] as const)
        await expect(
          deleteImage(actor, { ...input, confirmation }),
        ).rejects.toMatchObject({ code: 'IMAGE_IN_USE' });
      expect(there(at, 'acme/etl')?.manifests.has(at.plain)).toBe(true);
      await deleteImage(at.actor, { ...input, confirmation: at.name });
      expect(there(at, 'acme/etl')?.manifests.has(at.plain)).toBe(false);
    },
  );

  it('a tag leaves the image, and is refused while a task follows it', async () => {
    const at = await start();
    await makeTask(at.actor.teamId, at.id, { tag: 'plain' });
    const input = { repositoryId: at.id, tag: 'plain' };
    await expect(
      deleteTag(at.actor, { ...input, confirmation: '' }),
    ).rejects.toMatchObject({ code: 'IMAGE_IN_USE' });
    await deleteTag(at.actor, { ...input, confirmation: at.name });
    expect(there(at, 'acme/etl')?.tags.has('plain')).toBe(false);
    expect(there(at, 'acme/etl')?.manifests.has(at.plain)).toBe(true);
    const image = await getImage(at.actor, {
      repositoryId: at.id,
      digest: at.plain,
    });
    expect(image).toMatchObject({ tags: [], goneAt: null });
  });

  it('says what the registry does not do, remembers it, and changes nothing', async () => {
    const at = await start();
    at.fake.script(...distributionInventory(at.fake.store));
    await expect(
      deleteTag(at.actor, {
        repositoryId: at.id,
        tag: 'plain',
        confirmation: '',
      }),
    ).rejects.toMatchObject({ code: 'REGISTRY_UNSUPPORTED' });
    expect(
      (await getImpact(at.actor, { repositoryId: at.id, digest: at.plain }))
        .offers,
    ).toMatchObject({ deletesTags: false });
    const image = await getImage(at.actor, {
      repositoryId: at.id,
      digest: at.plain,
    });
    expect(image).toMatchObject({ tags: ['plain'], goneAt: null });
  });

  it('takes the tags away first where Google wants that', async () => {
    const at = await start();
    at.fake.script(...garInventory(at.fake.origin, at.fake.store));
    await deleteImage(at.actor, {
      repositoryId: at.id,
      digest: at.plain,
      withParts: false,
      confirmation: '',
    });
    expect(there(at, 'acme/etl')?.manifests.has(at.plain)).toBe(false);
  });
});

describe('a copy', () => {
  const copyOf = (
    at: Awaited<ReturnType<typeof start>>,
    registryId: string,
  ) => ({
    repositoryId: at.id,
    digest: at.index,
    registryId,
    path: 'mirror/etl',
    tag: 'copied',
    mayMove: false,
    withReferrers: true,
  });

  it('goes to another registry as a job, and ends with the image in the inventory there', async () => {
    const at = await start();
    const other = await makeRegistryFixture(at.actor);
    open.push(other);
    const { copyId } = await startCopy(at.actor, copyOf(at, other.registryId));
    expect((await getCopy(at.actor, copyId)).state).toBe('waiting');
    await runPending(copyId);
    const copy = await getCopy(at.actor, copyId);
    expect(copy).toMatchObject({
      state: 'done',
      failure: null,
      progress: {
        phase: 'done',
        manifests: { done: 3, total: 3 },
        referrers: 0,
        keptTags: [],
      },
    });
    expect(there(other, 'mirror/etl')?.tags.get('copied')).toBe(at.index);
    const image = await getImage(at.actor, {
      repositoryId: copy.to.repositoryId,
      digest: at.index,
    });
    expect(image).toMatchObject({ tags: ['copied'], kind: 'index' });
    expect(image.parts.every(({ isThere }) => isThere)).toBe(true);
    await expect(cancelCopy(at.actor, { copyId })).rejects.toMatchObject({
      code: 'COPY_NOT_MOVABLE',
    });
  });

  it('that was cancelled before its turn sends nothing', async () => {
    const at = await start();
    const other = await makeRegistryFixture(at.actor);
    open.push(other);
    const { copyId } = await startCopy(at.actor, {
      ...copyOf(at, other.registryId),
      tag: '',
    });
    await cancelCopy(at.actor, { copyId });
    await runPending(copyId);
    expect((await getCopy(at.actor, copyId)).state).toBe('cancelled');
    expect(other.fake.requests).toEqual([]);
  });

  it('that fails says why', async () => {
    const at = await start();
    const other = await makeRegistryFixture(at.actor);
    open.push(other);
    const { copyId } = await startCopy(at.actor, copyOf(at, other.registryId));
    other.fake.script({ when: 'POST /v2/*', reply: failure(403, 'DENIED') });
    await runPending(copyId);
    expect(await getCopy(at.actor, copyId)).toMatchObject({
      state: 'failed',
      failure: { code: 'REGISTRY_DENIED' },
    });
  });

  it('does not move a tag that is taken there', async () => {
    const at = await start();
    const other = await makeRegistryFixture(at.actor);
    open.push(other);
    other.fake.store.seedImage('mirror/etl', 'copied');
    await expect(
      startCopy(at.actor, copyOf(at, other.registryId)),
    ).rejects.toMatchObject({ code: 'TAG_TAKEN' });
  });
});

it('another team finds none of it', async () => {
  const at = await start();
  const stranger = await makeActor();
  const key = { repositoryId: at.id, digest: at.plain };
  const acts = [
    () => getImpact(stranger, key),
    () => retagImage(stranger, { ...key, tag: 'x', mayMove: true }),
    () =>
      deleteTag(stranger, {
        repositoryId: at.id,
        tag: 'plain',
        confirmation: at.name,
      }),
    () =>
      deleteImage(stranger, { ...key, withParts: true, confirmation: at.name }),
    () =>
      startCopy(stranger, {
        ...key,
        registryId: at.registryId,
        path: 'x',
        tag: '',
        mayMove: false,
        withReferrers: false,
      }),
  ];
  for (const act of acts)
    await expect(act()).rejects.toMatchObject({ code: 'NOT_FOUND' });
  const before = at.fake.requests.filter(
    ({ method }) => method !== 'GET' && method !== 'HEAD',
  );
  expect(before).toEqual([]);
  expect((await listImages(stranger)).items).toEqual([]);
});
