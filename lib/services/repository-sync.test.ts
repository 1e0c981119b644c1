import { and, eq, sql } from 'drizzle-orm';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { db } from '@/db';
import {
  indexChildren,
  jobs,
  manifests,
  repositories,
  tags,
} from '@/db/schema';
import { makeActor } from '@/db/testing/rows';
import { runJob } from '@/lib/jobs/loop';
import { OCI_INDEX, OCI_MANIFEST } from '@/lib/registry/media-types';
import { failure } from '@/lib/registry/testing/fake-store';
import { dockerHubInventory } from '@/lib/registry/testing/registries/docker-hub';
import { getImage } from '@/lib/services/image-views';
import { requestRegistrySync } from '@/lib/services/registry-sync';
import { listScans, readScan } from '@/lib/services/registry-scans';
import {
  getRepository,
  getTagHistory,
  listRepositories,
  listTags,
} from '@/lib/services/repository-views';
import { cancelSync, requestSync } from '@/lib/services/sync-state';
import {
  makeRegistryFixture,
  type RegistryFixture,
} from '@/lib/services/testing/registry-fixture';

const open: RegistryFixture[] = [];

afterEach(async () => {
  vi.useRealTimers();
  await Promise.all(open.splice(0).map(({ fake }) => fake.close()));
});

async function start(): Promise<RegistryFixture> {
  const fixture = await makeRegistryFixture();
  open.push(fixture);
  return fixture;
}

/** Runs the pending job of a kind and key as the loop would. */
async function runPending(
  kind: 'sync_repository' | 'sync_registry',
  key: string,
) {
  const [job] = await db()
    .select()
    .from(jobs)
    .where(
      and(
        eq(jobs.kind, kind),
        eq(jobs.key, key),
        sql`${jobs.finishedAt} is null`,
      ),
    );
  if (!job) throw new Error(`No ${kind} waits.`);
  await runJob(job);
}

async function sync({ actor }: RegistryFixture, repositoryId: string) {
  await requestSync(actor, { repositoryId });
  await runPending('sync_repository', repositoryId);
  return (await getRepository(actor, repositoryId)).sync;
}

function seedIndex({ fake }: RegistryFixture) {
  const { store } = fake;
  const amd = store.seedImage('acme/etl', null, { layers: ['base', 'a'] });
  const arm = store.seedImage('acme/etl', null, {
    platform: 'linux/arm64',
    layers: ['base', 'b'],
  });
  const blob = store.addBlob('acme/etl', 'statement');
  const config = store.addBlob('acme/etl', '{}');
  const statement = store.seedManifest('acme/etl', null, OCI_MANIFEST, {
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    config: {
      mediaType: 'application/vnd.oci.image.config.v1+json',
      ...config,
    },
    layers: [
      {
        mediaType: 'application/vnd.in-toto+json',
        ...blob,
        annotations: {
          'in-toto.io/predicate-type': 'https://spdx.dev/Document',
        },
      },
    ],
  });
  const digest = store.seedIndex(
    'acme/etl',
    '1',
    { 'linux/amd64': amd, 'linux/arm64': arm },
    [
      {
        mediaType: OCI_MANIFEST,
        digest: statement.digest,
        size: statement.sizeBytes,
        platform: { os: 'unknown', architecture: 'unknown' },
        annotations: {
          'vnd.docker.reference.type': 'attestation-manifest',
          'vnd.docker.reference.digest': amd.digest,
        },
      },
    ],
  );
  return { digest, amd, arm, statement };
}

describe('a sync', () => {
  it('reads tags, parts, configs, layers and attestations, and asks for nothing again that is known', async () => {
    const fixture = await start();
    const { actor, fake } = fixture;
    const { digest, amd, arm, statement } = seedIndex(fixture);
    const { id } = await fixture.repository('acme/etl');
    expect(await sync(fixture, id)).toMatchObject({
      state: 'done',
      added: 4,
      failure: null,
    });
    const image = await getImage(actor, { repositoryId: id, digest });
    expect(image).toMatchObject({
      kind: 'index',
      tags: ['1'],
      platforms: ['linux/amd64', 'linux/arm64'],
      parts: [
        { digest: amd.digest, platform: 'linux/amd64', isThere: true },
        { digest: arm.digest, platform: 'linux/arm64', isThere: true },
      ],
      referrers: [
        {
          digest: statement.digest,
          kind: 'attestation',
          artifactType: 'https://spdx.dev/Document',
          platform: 'linux/amd64',
        },
      ],
    });
    const part = await getImage(actor, {
      repositoryId: id,
      digest: amd.digest,
    });
    expect(part).toMatchObject({
      isPart: true,
      indexes: [{ digest, tags: ['1'] }],
    });
    expect(part.layers.map(({ madeBy }) => madeBy)).toEqual([
      'step 0',
      'step 1',
    ]);

    const before = fake.requests.length;
    expect(await sync(fixture, id)).toMatchObject({ state: 'done', added: 0 });
    const again = fake.requests.slice(before);
    expect(
      again.filter(({ method }) => method === 'GET').map(({ path }) => path),
    ).toEqual(['/v2/acme/etl/tags/list']);
  });

  it('writes down moves, tags that are gone and digests that are gone', async () => {
    const fixture = await start();
    const { actor, fake } = fixture;
    const { id } = await fixture.repository('acme/etl');
    const old = fake.store.seedImage('acme/etl', 'stable', { layers: ['old'] });
    const lost = fake.store.seedImage('acme/etl', 'lost', { layers: ['lost'] });
    await sync(fixture, id);
    const fresh = fake.store.seedImage('acme/etl', 'stable', {
      layers: ['new'],
    });
    fake.store.repositories.get('acme/etl')?.tags.delete('lost');
    fake.store.removeManifest('acme/etl', lost.digest);
    await sync(fixture, id);
    expect(await getTagHistory(actor, id, 'stable')).toMatchObject([
      { from: old.digest, to: fresh.digest },
      { from: null, to: old.digest },
    ]);
    expect((await getTagHistory(actor, id, 'lost'))[0]).toMatchObject({
      to: null,
    });
    expect((await listTags(actor, id)).items).toMatchObject([
      { name: 'lost', digest: null },
      { name: 'stable', digest: fresh.digest },
    ]);
    const gone = await getImage(actor, {
      repositoryId: id,
      digest: lost.digest,
    });
    expect(gone.goneAt).not.toBeNull();
    const untagged = await getImage(actor, {
      repositoryId: id,
      digest: old.digest,
    });
    expect(untagged).toMatchObject({ tags: [], goneAt: null });
  });

  it('reads what a fallback tag lists, and does not show it as a tag', async () => {
    const fixture = await start();
    const { actor, fake } = fixture;
    const { store } = fake;
    const { digest } = store.seedImage('acme/etl', '1');
    const empty = store.addBlob('acme/etl', '{}');
    const signature = store.seedManifest('acme/etl', null, OCI_MANIFEST, {
      schemaVersion: 2,
      mediaType: OCI_MANIFEST,
      artifactType: 'application/vnd.example.signature',
      config: { mediaType: 'application/vnd.oci.empty.v1+json', ...empty },
      layers: [],
      subject: { mediaType: OCI_MANIFEST, digest, size: 1 },
    });
    store.seedManifest('acme/etl', digest.replace(':', '-'), OCI_INDEX, {
      schemaVersion: 2,
      mediaType: OCI_INDEX,
      manifests: [
        {
          mediaType: OCI_MANIFEST,
          digest: signature.digest,
          size: signature.sizeBytes,
        },
      ],
    });
    store.seedImage('acme/etl', '2', { layers: ['unsigned'] });
    const { id } = await fixture.repository('acme/etl');
    await sync(fixture, id);
    const image = await getImage(actor, { repositoryId: id, digest });
    expect(image.referrers).toMatchObject([
      { digest: signature.digest, kind: 'artifact' },
    ]);
    expect((await listTags(actor, id)).items.map(({ name }) => name)).toEqual([
      '1',
      '2',
    ]);
    expect((await readScan(fixture.registryId))?.hasReferrersApi).toBe(false);
  });

  it('keeps a lost part as one that is not there', async () => {
    const fixture = await start();
    const { digest, arm } = seedIndex(fixture);
    fixture.fake.store.removeManifest('acme/etl', arm.digest);
    const { id } = await fixture.repository('acme/etl');
    expect(await sync(fixture, id)).toMatchObject({ state: 'done' });
    const image = await getImage(fixture.actor, { repositoryId: id, digest });
    expect(image.parts[1]).toMatchObject({
      digest: arm.digest,
      isThere: false,
    });
  });

  it('says why it failed, in our words, and keeps what it had', async () => {
    const fixture = await start();
    fixture.fake.store.seedImage('acme/etl', '1');
    const { id } = await fixture.repository('acme/etl');
    await sync(fixture, id);
    fixture.fake.script({
      when: 'GET /v2/*/tags/list',
      reply: failure(403, 'DENIED'),
    });
    const view = await sync(fixture, id);
    expect(view).toMatchObject({
      state: 'failed',
      failure: { code: 'REGISTRY_DENIED' },
    });
    expect(view?.syncedAt).not.toBeNull();
    expect((await listTags(fixture.actor, id)).items).toMatchObject([
      { digest: expect.any(String) as string },
    ]);
  });

  it('waits when the registry asks to, and goes on where it was', async () => {
    const fixture = await start();
    const { fake, actor } = fixture;
    for (const tag of ['a', 'b', 'c', 'd', 'e', 'f'])
      fake.store.seedImage('acme/etl', tag, { layers: [tag] });
    const { id } = await fixture.repository('acme/etl');
    fake.script({
      when: ({ path }) => path === '/v2/acme/etl/manifests/f',
      reply: failure(429, 'TOOMANYREQUESTS', { 'retry-after': '600' }),
      times: 1,
    });
    expect(await sync(fixture, id)).toMatchObject({
      state: 'waiting',
      failure: { code: 'REGISTRY_RATE_LIMITED' },
    });
    const before = fake.requests.length;
    // The gate leaves the host alone until the time it named is over.
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 601_000 });
    await runPending('sync_repository', id);
    expect((await getRepository(actor, id)).sync).toMatchObject({
      state: 'done',
      failure: null,
    });
    const heads = fake.requests
      .slice(before)
      .filter(
        ({ method, path }) =>
          method === 'HEAD' && /manifests\/[a-f]$/.test(path),
      );
    expect(heads.map(({ path }) => path)).toContain('/v2/acme/etl/manifests/f');
    expect(heads.length).toBeLessThan(6);
  });

  it('that was cancelled before it began asks for nothing', async () => {
    const fixture = await start();
    fixture.fake.store.seedImage('acme/etl', '1');
    const { id } = await fixture.repository('acme/etl');
    await requestSync(fixture.actor, { repositoryId: id });
    await cancelSync(fixture.actor, { repositoryId: id });
    await runPending('sync_repository', id);
    expect((await getRepository(fixture.actor, id)).sync?.state).toBe(
      'cancelled',
    );
    expect(fixture.fake.requests).toEqual([]);
  });

  it('of another team’s repository is not found', async () => {
    const fixture = await start();
    const { id } = await fixture.repository('acme/etl');
    const stranger = await makeActor();
    const input = { repositoryId: id };
    await expect(requestSync(stranger, input)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await expect(cancelSync(stranger, input)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await expect(getRepository(stranger, id)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await expect(listTags(stranger, id)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await expect(getTagHistory(stranger, id, '1')).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await expect(
      requestRegistrySync(stranger, { registryId: fixture.registryId }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect((await listRepositories(stranger)).items).toEqual([]);
  });
});

it('a tag that is only known of is not said to point to nothing', async () => {
  const fixture = await start();
  const { id } = await fixture.repository('acme/etl');
  await db().insert(tags).values({ repositoryId: id, name: 'wanted' });
  const look = async () => (await listTags(fixture.actor, id)).items;
  expect(await look()).toMatchObject([{ digest: null, checkedAt: null }]);
  fixture.fake.store.seedImage('acme/etl', 'wanted');
  await sync(fixture, id);
  expect(await look()).toMatchObject([
    { checkedAt: expect.any(String) as string },
  ]);
});

describe('a registry', () => {
  it('is read by its catalog', async () => {
    const fixture = await start();
    fixture.fake.store.seedImage('acme/etl', '1');
    fixture.fake.store.seedImage('other/thing', '1');
    await requestRegistrySync(fixture.actor, {
      registryId: fixture.registryId,
    });
    await runPending('sync_registry', fixture.registryId);
    const { items } = await listRepositories(fixture.actor);
    expect(
      items.map(({ name, sync: view }) => [
        name.split('/').slice(1).join('/'),
        view?.state,
      ]),
    ).toEqual([
      ['acme/etl', 'waiting'],
      ['other/thing', 'waiting'],
    ]);
  });

  it('without a catalog is read by what is known of it', async () => {
    const fixture = await start();
    fixture.fake.store.seedImage('acme/etl', '1');
    fixture.fake.store.seedImage('acme/unknown', '1');
    fixture.fake.script(...dockerHubInventory());
    const { id } = await fixture.repository('acme/etl');
    await requestRegistrySync(fixture.actor, {
      registryId: fixture.registryId,
    });
    await runPending('sync_registry', fixture.registryId);
    const rows = await db()
      .select({ id: repositories.id })
      .from(repositories)
      .where(eq(repositories.teamId, fixture.actor.teamId));
    expect(rows).toEqual([{ id }]);
    expect(await readScan(fixture.registryId)).toMatchObject({
      hasCatalog: false,
      repositoryCount: 1,
    });
  });

  it('says why it could not be read, to its team alone, until it could', async () => {
    const fixture = await start();
    const { actor, registryId, fake } = fixture;
    const read = async () => {
      await requestRegistrySync(actor, { registryId });
      expect((await listScans(actor))[0]?.isReading).toBe(true);
      await runPending('sync_registry', registryId);
      return (await listScans(actor))[0];
    };
    fake.script({
      when: 'GET /v2/_catalog',
      reply: failure(409, 'CONFLICT'),
      times: 1,
    });
    expect(await read()).toMatchObject({
      registry: { id: registryId },
      isReading: false,
      readAt: null,
      failure: { code: 'REGISTRY_INVALID_ANSWER' },
    });
    expect(await listScans(await makeActor())).toEqual([]);
    expect(await read()).toMatchObject({ failure: null });
  });
});

it('an index that is gone leaves its parts on their own', async () => {
  const fixture = await start();
  const { digest, amd } = seedIndex(fixture);
  const { id } = await fixture.repository('acme/etl');
  await sync(fixture, id);
  fixture.fake.store.repositories.get('acme/etl')?.tags.delete('1');
  fixture.fake.store.removeManifest('acme/etl', digest);
  await sync(fixture, id);
  const [part] = await db()
    .select({ isPart: manifests.isPart })
    .from(manifests)
    .where(
      and(eq(manifests.repositoryId, id), eq(manifests.digest, amd.digest)),
    );
  expect(part).toEqual({ isPart: false });
  expect(
    await db()
      .select()
      .from(indexChildren)
      .where(eq(indexChildren.repositoryId, id)),
  ).toHaveLength(3);
});
