import { and, eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { db } from '@/db';
import {
  accessWatches,
  buildAttempts,
  buildOutputs,
  jobs,
  tags,
} from '@/db/schema';
import { askFor } from '@/lib/build/schema';
import { pushIndexJob } from '@/lib/jobs/push-index';
import {
  DOCKER_LIST,
  DOCKER_MANIFEST,
  OCI_INDEX,
} from '@/lib/registry/media-types';
import { putIndex } from '@/lib/registry/client/put-index';
import { failure } from '@/lib/registry/testing/fake-store';
import { checkAccess } from '@/lib/services/access';
import { sweepAccess } from '@/lib/services/access-sweep';
import { readPartOutputs } from '@/lib/services/build-outputs';
import { startBuilds } from '@/lib/services/build-start';
import { getImage } from '@/lib/services/image-views';
import { takeJob } from '@/lib/services/jobs';
import { withRegistry } from '@/lib/services/registry-clients';
import {
  makePartsFixture,
  type PartsFixture,
  settle,
} from '@/lib/services/testing/part-runs';

const PLATFORMS = ['linux/amd64', 'linux/arm64'] as const;

let fixture: PartsFixture;
beforeEach(async () => {
  fixture = await makePartsFixture();
});
afterEach(() => fixture.fake.close());

/** A build whose parts are published, and the job that is to put its index there. */
async function pushed() {
  const { id } = await fixture.start();
  const digests: string[] = [];
  for (const platform of PLATFORMS)
    digests.push(await fixture.push(await fixture.take(platform), platform));
  await settle(['verify_build', 'follow_parts']);
  const job = await takeJob(['push_index']);
  if (!job) throw new Error('No index is to be put.');
  return { id, digests, job };
}

async function published() {
  const { id, digests, job } = await pushed();
  expect(await pushIndexJob(job)).toEqual({ done: true });
  const view = await fixture.read(id);
  const key = { repositoryId: view.repository.id, digest: view.digest ?? '' };
  return { id, digests, view, key };
}

const puts = () =>
  fixture.fake.requests.filter(
    ({ method, path }) => method === 'PUT' && path.endsWith('/manifests/v1'),
  );
const answer = (method: string, reference: string, status: number) =>
  fixture.fake.script({
    when: `${method} /v2/${fixture.path}/manifests/${reference}`,
    reply: failure(status, status === 403 ? 'DENIED' : 'UNKNOWN'),
  });

describe('the index of a build for several platforms', () => {
  it('is put under the tag once its parts are published, and read back before the build is', async () => {
    const { id, digests, view, key } = await published();
    expect(view).toMatchObject({ state: 'published', verifiedBy: 'server' });
    const stored = fixture.fake.store.repositories.get(fixture.path);
    expect(stored?.tags.get('v1')).toBe(view.digest);
    const index = stored?.manifests.get(view.digest ?? '');
    expect(index?.mediaType).toBe(OCI_INDEX);
    expect(JSON.parse(index?.bytes.toString() ?? '')).toMatchObject({
      manifests: [
        {
          digest: digests[0],
          platform: { os: 'linux', architecture: 'amd64' },
        },
        {
          digest: digests[1],
          platform: { os: 'linux', architecture: 'arm64' },
        },
      ],
    });
    expect(view.outputs).toEqual(
      PLATFORMS.map((platform, at) => ({ platform, digest: digests[at] })),
    );
    expect(
      await db()
        .select()
        .from(buildOutputs)
        .where(eq(buildOutputs.buildId, id)),
    ).toHaveLength(2);
    expect(
      await db()
        .select()
        .from(tags)
        .where(
          and(eq(tags.repositoryId, key.repositoryId), eq(tags.name, 'v1')),
        ),
    ).toMatchObject([{ currentDigest: view.digest }]);
  });

  it('is shown with the build that made it, and so are its parts', async () => {
    const { id, digests, key } = await published();
    const image = await getImage(fixture.actor, key);
    expect(image).toMatchObject({ kind: 'index', build: { id } });
    expect(image.parts.map(({ digest }) => digest)).toEqual(digests);
    const part = { ...key, digest: digests[0] ?? '' };
    expect((await getImage(fixture.actor, part)).build?.id).toBe(id);
  });

  it('is looked at for each platform, and watched once the spec has it', async () => {
    const { key } = await published();
    const reference = `@${key.digest}`;
    const asked = await db()
      .select({ payload: jobs.payload })
      .from(jobs)
      .where(
        and(
          eq(jobs.kind, 'check_access'),
          eq(jobs.teamId, fixture.actor.teamId),
        ),
      );
    expect(
      asked.filter(({ payload }) => payload.reference === reference),
    ).toMatchObject(PLATFORMS.map((platform) => ({ payload: { platform } })));
    for (const platform of PLATFORMS) {
      const { repositoryId } = key;
      const question = { repositoryId, reference, platform };
      expect((await checkAccess(fixture.actor, question)).verdict).toBe(
        'insecure_http',
      );
    }
    await sweepAccess(fixture.actor.teamId);
    const watches = await db()
      .select()
      .from(accessWatches)
      .where(eq(accessWatches.teamId, fixture.actor.teamId));
    expect(watches).toMatchObject([{ reference, reason: 'spec' }]);
  });

  it('is a manifest list of images in the format of Docker', async () => {
    const { store } = fixture.fake;
    const { id } = await fixture.start();
    const seed = store.seedManifest.bind(store);
    store.seedManifest = (name, tag, _, body) =>
      seed(name, tag, DOCKER_MANIFEST, {
        ...(body as object),
        mediaType: DOCKER_MANIFEST,
      });
    for (const platform of PLATFORMS)
      await fixture.push(await fixture.take(platform), platform);
    store.seedManifest = seed;
    await settle();
    const { digest } = await fixture.read(id);
    const kept = store.repositories.get(fixture.path);
    expect(kept?.manifests.get(digest ?? '')?.mediaType).toBe(DOCKER_LIST);
  });

  it('is put again, the same, by whoever goes on after a kill between push and publication', async () => {
    const { id, job } = await pushed();
    const place = {
      teamId: fixture.actor.teamId,
      host: fixture.fake.host,
      path: fixture.path,
    };
    const outputs = await readPartOutputs(id);
    await withRegistry(place, 'stored_push', (client) =>
      putIndex({ client, repository: fixture.path, tag: 'v1' }, outputs),
    );
    expect((await fixture.read(id)).state).toBe('verifying');
    // Killed here: the registry has it, and no row says so. Two processes take it up.
    const twice = await Promise.all([pushIndexJob(job), pushIndexJob(job)]);
    expect(twice).toEqual([{ done: true }, { done: true }]);
    const { digest, state } = await fixture.read(id);
    expect(state).toBe('published');
    expect(puts()).toHaveLength(3);
    const { tags: kept } =
      fixture.fake.store.repositories.get(fixture.path) ?? {};
    expect(kept?.get('v1')).toBe(digest);
    expect(await pushIndexJob(job)).toEqual({ done: true });
    expect(puts()).toHaveLength(3);
  });

  it('fails the build when the registry refuses it, and says what it refused', async () => {
    const { id, job } = await pushed();
    answer('PUT', 'v1', 403);
    await pushIndexJob(job);
    expect(await fixture.read(id)).toMatchObject({
      state: 'failed',
      digest: null,
      failure: {
        code: 'BUILD_PUSH_DENIED',
        message: expect.stringContaining('not the index') as string,
      },
    });
  });

  it('waits for a registry that is away, then fails', async () => {
    const { id, job } = await pushed();
    await fixture.fake.close();
    expect(await pushIndexJob({ ...job, attempts: 1 })).toMatchObject({
      done: false,
    });
    expect((await fixture.read(id)).state).toBe('verifying');
    await pushIndexJob({ ...job, attempts: 99 });
    expect(await fixture.read(id)).toMatchObject({
      state: 'failed',
      failure: { code: 'BUILD_PUSH_FAILED' },
    });
  });

  it('fails when an image of it is gone by then', async () => {
    const { id, digests, job } = await pushed();
    fixture.fake.store.removeManifest(fixture.path, digests[1] ?? '');
    await pushIndexJob(job);
    expect(await fixture.read(id)).toMatchObject({
      state: 'failed',
      failure: { code: 'BUILD_DIGEST_MISMATCH' },
    });
    expect(puts()).toEqual([]);
  });

  it('is not put when a part turned out to be for another platform', async () => {
    const { id } = await fixture.start();
    await fixture.push(await fixture.take('linux/amd64'), 'linux/amd64');
    const run = await fixture.take('linux/arm64');
    await fixture.push(run, 'linux/386');
    await settle();
    expect(await fixture.read(id)).toMatchObject({
      state: 'failed',
      failure: {
        code: 'BUILD_PLATFORM_MISMATCH',
        message: expect.stringMatching(/^linux\/arm64: .*linux\/386/) as string,
      },
    });
    expect(puts()).toEqual([]);
  });
});

describe('an index that is there, made here from the same', () => {
  const setDockerfile = (dockerfile: string) =>
    db().update(buildAttempts).set({ dockerfile });
  const ask = () =>
    startBuilds(fixture.actor, askFor([{ specId: fixture.spec.spec.id }]));

  it('is taken as it is, with what it holds for each platform', async () => {
    const { id, view } = await published();
    await setDockerfile('FROM scratch');
    const { builds: asked } = await ask();
    expect(asked).toMatchObject([{ how: 'reused' }]);
    expect(await fixture.read(asked[0]?.id ?? '')).toMatchObject({
      state: 'published',
      digest: view.digest,
      outputs: view.outputs,
      parts: [],
      ask: { reused: { by: { id } } },
    });
  });

  it('is built again when nobody knows what one of its parts stood on', async () => {
    const { id } = await published();
    await setDockerfile('FROM scratch');
    const [, arm64] = await fixture.partsOf(id);
    await db()
      .update(buildAttempts)
      .set({ dockerfile: 'FROM debian:12' })
      .where(eq(buildAttempts.buildId, arm64?.id ?? ''));
    const { builds: asked } = await ask();
    expect(asked).toMatchObject([{ how: 'queued' }]);
  });
});

describe('an index that is there, of which nobody here knows', () => {
  const ask = (use?: string) => {
    const id = fixture.spec.spec.id;
    const answers = { use: use ? { [id]: use } : {}, rebuild: [] };
    return startBuilds(fixture.actor, {
      ...askFor([{ specId: id }]),
      answers,
    });
  };
  const seed = (platforms: readonly string[]) => {
    const { store } = fixture.fake;
    const images = platforms.map((platform) => [
      platform,
      store.seedImage(fixture.path, null, { platform, layers: [platform] }),
    ]);
    return store.seedIndex(
      fixture.path,
      'v1',
      Object.fromEntries(images) as Parameters<typeof store.seedIndex>[2],
    );
  };

  it('is asked about, and taken when it is for each platform', async () => {
    const digest = seed([...PLATFORMS, 'linux/s390x']);
    expect((await ask()).there).toMatchObject([{ digest, unfit: null }]);
    const { builds: asked } = await ask(digest);
    expect(asked).toMatchObject([{ how: 'reused' }]);
    expect(await fixture.read(asked[0]?.id ?? '')).toMatchObject({
      state: 'published',
      digest,
      outputs: PLATFORMS.map((platform) => ({ platform })),
    });
  });

  it('is not offered when a platform is missing', async () => {
    const digest = seed(['linux/amd64', 'linux/s390x']);
    const { there } = await ask(digest);
    expect(there[0]?.unfit).toBe(
      'It is an index without an image for each of linux/amd64 and linux/arm64.',
    );
  });
});
