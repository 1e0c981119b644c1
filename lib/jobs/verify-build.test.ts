import { createHash, randomUUID } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { db } from '@/db';
import {
  accessWatches,
  buildAttempts,
  buildOutputs,
  buildSteps,
  jobs,
  manifestLayers,
  manifests,
  tagMoves,
  tags,
} from '@/db/schema';
import {
  makeActor,
  makeRegistry,
  makeSpec,
  makeWorker,
} from '@/db/testing/rows';
import { checkAccessJob } from '@/lib/jobs/check-access';
import { runJob } from '@/lib/jobs/loop';
import { verifyBuildJob } from '@/lib/jobs/verify-build';
import type { Actor } from '@/lib/auth';
import type { ClaimRequest, EngineReport } from '@/lib/build/protocol';
import {
  type FakeRegistry,
  startFakeRegistry,
} from '@/lib/registry/testing/fake-registry';
import { checkAccess } from '@/lib/services/access';
import { sweepAccess } from '@/lib/services/access-sweep';
import { importPython } from '@/lib/services/tasks';
import { requestTagRefresh } from '@/lib/services/tag-refresh';
import { listAlerts } from '@/lib/services/alerts';
import { claimedJob } from '@/lib/services/testing/claims';
import { appendEvents } from '@/lib/services/build-events';
import { getBuild } from '@/lib/services/build-views';
import { finishAttempt } from '@/lib/services/build-work';
import { startBuild } from '@/lib/services/testing/starts';
import { listImages } from '@/lib/services/image-list';
import { getImage } from '@/lib/services/image-views';
import type { JobRow } from '@/lib/services/jobs';

let fake: FakeRegistry;
let actor: Actor;

beforeEach(async () => {
  fake = await startFakeRegistry({ tls: false });
  actor = await makeActor();
});
afterEach(() => fake.close());

const READY: Extract<EngineReport, { state: 'ready' }> = {
  state: 'ready',
  kind: 'docker',
  version: '28.0.0',
  apiVersion: '1.45',
  platforms: ['linux/amd64'],
  addsCaCertificates: false,
};

type Options = {
  digest: string;
  readBack?: boolean;
  engine?: EngineReport;
  isOpened?: boolean;
};

/** A build whose worker has reported a digest, and its verify job. */
async function verifying({
  digest,
  readBack = false,
  engine = READY,
  isOpened = true,
}: Options) {
  const registry = await makeRegistry(actor, {
    host: fake.host,
    namespace: 'acme',
    plainHttp: true,
    allowedRanges: isOpened ? ['127.0.0.1/32'] : [],
  });
  const { spec } = await makeSpec(actor, registry, { name: 'etl', tag: 'v1' });
  const worker = await makeWorker(actor, engine);
  const build = await startBuild(actor, { specId: spec.id, noCache: false });
  const claim: ClaimRequest = {
    key: randomUUID(),
    version: '1',
    engine,
  };
  const claimed = await claimedJob(worker, claim, new AbortController().signal);
  const key = { buildId: build.id, attempt: claimed?.attempt ?? 0 };
  const texts = ['building', 'pushing'].map((state) =>
    JSON.stringify({ kind: 'state', at: 1, state }),
  );
  await appendEvents(worker, key, 1, texts.join('\n'));
  const checksum = createHash('sha256')
    .update(texts.map((text) => `${text}\n`).join(''))
    .digest('hex');
  const result = {
    outcome: 'pushed',
    digest,
    platform: 'linux/amd64',
    readBack,
  } as const;
  await finishAttempt(worker, key, { lastSeq: 2, checksum, result });
  const [job] = await db()
    .select()
    .from(jobs)
    .where(and(eq(jobs.kind, 'verify_build'), eq(jobs.key, build.id)));
  if (!job) throw new Error('No verify job was written.');
  return { buildId: build.id, job };
}

const lastTry = (job: JobRow): JobRow => ({ ...job, attempts: 99 });

describe('verifying a build', () => {
  it('publishes it with its image, its tag and an access check to come', async () => {
    const seeded = fake.store.seedImage('acme/etl', 'v1');
    const { buildId, job } = await verifying({ digest: seeded.digest });
    expect(await verifyBuildJob(job)).toEqual({ done: true });
    const view = await getBuild(actor, buildId);
    expect(view).toMatchObject({
      state: 'published',
      digest: seeded.digest,
      verifiedBy: 'server',
      attempts: [{ outcome: 'published', log: 'complete' }],
    });
    const repositoryId = view.repository.id;
    expect(
      await db()
        .select()
        .from(buildOutputs)
        .where(eq(buildOutputs.buildId, buildId)),
    ).toMatchObject([{ digest: seeded.digest, repositoryId }]);
    expect(
      await db()
        .select()
        .from(manifestLayers)
        .where(eq(manifestLayers.repositoryId, repositoryId)),
    ).toHaveLength(2);
    expect(
      await db().select().from(tags).where(eq(tags.repositoryId, repositoryId)),
    ).toMatchObject([{ name: 'v1', currentDigest: seeded.digest }]);
    expect(
      await getImage(actor, { repositoryId, digest: seeded.digest }),
    ).toMatchObject({
      tags: ['v1'],
      platform: 'linux/amd64',
      build: { id: buildId },
      layers: [{ madeBy: 'step 0' }, { madeBy: 'step 1' }],
      access: null,
    });
    const [check] = await db()
      .select()
      .from(jobs)
      .where(and(eq(jobs.kind, 'check_access'), eq(jobs.teamId, actor.teamId)));
    expect(check?.payload).toMatchObject({ reference: `@${seeded.digest}` });
    // A job that runs again after a kill -9 finds it done.
    expect(await verifyBuildJob(job)).toEqual({ done: true });
    expect((await getBuild(actor, buildId)).state).toBe('published');
  });

  it('fails it when the registry does not have the digest', async () => {
    const { buildId, job } = await verifying({
      digest: `sha256:${'0'.repeat(64)}`,
      readBack: true,
    });
    await verifyBuildJob(job);
    expect(await getBuild(actor, buildId)).toMatchObject({
      state: 'failed',
      digest: null,
      failure: { code: 'BUILD_DIGEST_MISMATCH' },
      attempts: [{ outcome: 'failed' }],
    });
  });

  it('fails it when the bytes are of another platform', async () => {
    const seeded = fake.store.seedImage('acme/etl', 'v1', {
      platform: 'linux/arm64',
    });
    const { buildId, job } = await verifying({ digest: seeded.digest });
    await verifyBuildJob(job);
    expect(await getBuild(actor, buildId)).toMatchObject({
      state: 'failed',
      failure: {
        code: 'BUILD_PLATFORM_MISMATCH',
        message: expect.stringContaining('linux/arm64') as string,
      },
    });
  });

  it('fails it when the registry gives other bytes', async () => {
    const seeded = fake.store.seedImage('acme/etl', 'v1');
    fake.script({
      when: `GET /v2/acme/etl/manifests/${seeded.digest}`,
      reply: {
        status: 200,
        headers: {
          'content-type': 'application/vnd.oci.image.manifest.v1+json',
        },
        body: '{}',
      },
    });
    const { buildId, job } = await verifying({
      digest: seeded.digest,
      readBack: true,
    });
    await verifyBuildJob(job);
    expect(await getBuild(actor, buildId)).toMatchObject({
      state: 'failed',
      failure: { code: 'BUILD_DIGEST_MISMATCH' },
    });
  });

  it('waits for a registry that does not answer, then leaves the word to the worker', async () => {
    const seeded = fake.store.seedImage('acme/etl', 'v1');
    const { buildId, job } = await verifying({
      digest: seeded.digest,
      readBack: true,
    });
    await fake.close();
    expect(await verifyBuildJob({ ...job, attempts: 1 })).toMatchObject({
      done: false,
    });
    expect((await getBuild(actor, buildId)).state).toBe('verifying');
    expect(await verifyBuildJob(lastTry(job))).toEqual({ done: true });
    expect(await getBuild(actor, buildId)).toMatchObject({
      state: 'published',
      verifiedBy: 'worker',
    });
  });

  it('fails it when nobody could read it back', async () => {
    const seeded = fake.store.seedImage('acme/etl', 'v1');
    const { buildId, job } = await verifying({ digest: seeded.digest });
    await fake.close();
    await verifyBuildJob(lastTry(job));
    expect(await getBuild(actor, buildId)).toMatchObject({
      state: 'failed',
      failure: { code: 'BUILD_PUSH_FAILED' },
    });
  });

  it('never publishes what a test engine made', async () => {
    const seeded = fake.store.seedImage('acme/etl', 'v1');
    const { buildId, job } = await verifying({
      digest: seeded.digest,
      engine: { ...READY, kind: 'test' },
    });
    await verifyBuildJob(job);
    expect(await getBuild(actor, buildId)).toMatchObject({
      state: 'failed',
      failure: { code: 'BUILD_TEST_ENGINE' },
    });
  });
});

/** A published image, with its repository. */
async function published() {
  const seeded = fake.store.seedImage('acme/etl', 'v1');
  const { buildId, job } = await verifying({ digest: seeded.digest });
  await runJob(job);
  const { repository } = await getBuild(actor, buildId);
  return { seeded, repositoryId: repository.id };
}

describe('checking access', () => {
  it('stores the verdict and shows it with the image', async () => {
    const { seeded, repositoryId } = await published();
    const [job] = await db()
      .select()
      .from(jobs)
      .where(and(eq(jobs.kind, 'check_access'), eq(jobs.teamId, actor.teamId)));
    if (!job) throw new Error('No check was written.');
    await checkAccessJob(job);
    const image = await getImage(actor, {
      repositoryId,
      digest: seeded.digest,
    });
    expect(image.access).toMatchObject({
      verdict: 'insecure_http',
      isStale: false,
      platform: 'linux/amd64',
    });
    expect(image.verdict).toBe('insecure_http');
    expect((await listImages(actor)).items).toMatchObject([
      { digest: seeded.digest, verdict: 'insecure_http' },
    ]);
  });

  it('again tells that a layer is gone', async () => {
    const { seeded, repositoryId } = await published();
    const question = {
      repositoryId,
      reference: `@${seeded.digest}`,
      platform: 'linux/amd64',
    };
    expect((await checkAccess(actor, question)).verdict).toBe('insecure_http');
    fake.store.removeBlob('acme/etl', seeded.layers[1] ?? '');
    expect((await checkAccess(actor, question)).verdict).toBe(
      'partially_public',
    );
  });

  it('keeps the last verdict, marked, when the registry asks to wait', async () => {
    const { seeded, repositoryId } = await published();
    const question = {
      repositoryId,
      reference: `@${seeded.digest}`,
      platform: 'linux/amd64',
    };
    await checkAccess(actor, question);
    fake.script({
      when: () => true,
      reply: { status: 429, headers: { 'retry-after': '3600' } },
    });
    expect(await checkAccess(actor, question)).toMatchObject({
      verdict: 'insecure_http',
      isStale: true,
    });
  });

  it('marks an image that the registry has no more as gone', async () => {
    const { seeded, repositoryId } = await published();
    const question = {
      repositoryId,
      reference: `@${seeded.digest}`,
      platform: 'linux/amd64',
    };
    fake.store.removeManifest('acme/etl', seeded.digest);
    expect((await checkAccess(actor, question)).verdict).toMatch(/^missing/);
    expect(
      (await getImage(actor, { repositoryId, digest: seeded.digest })).goneAt,
    ).not.toBeNull();
  });

  it('never uses the stored credential to call something public', async () => {
    const { seeded, repositoryId } = await published();
    const question = {
      repositoryId,
      reference: `@${seeded.digest}`,
      platform: 'linux/amd64',
    };
    await checkAccess(actor, question);
    expect(
      fake.requests.every(({ headers }) => headers.authorization === undefined),
    ).toBe(true);
  });

  it("of another team's repository is not found", async () => {
    const { seeded, repositoryId } = await published();
    const stranger = await makeActor();
    const question = {
      repositoryId,
      reference: `@${seeded.digest}`,
      platform: 'linux/amd64',
    };
    await expect(checkAccess(stranger, question)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await expect(
      getImage(stranger, { repositoryId, digest: seeded.digest }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect((await listImages(stranger)).items).toEqual([]);
  });
});

describe('the base of a published build', () => {
  it('is kept as the engine found it, and said to have moved when its tag has', async () => {
    const base = fake.store.seedImage('acme/base', '12', { layers: ['base'] });
    const reference = `${fake.host}/acme/base:12`;
    const seeded = fake.store.seedImage('acme/etl', 'v1');
    const { buildId, job } = await verifying({ digest: seeded.digest });
    await db()
      .insert(buildSteps)
      .values({
        buildId,
        attempt: 1,
        key: 'from',
        position: 0,
        parents: [],
        stage: '',
        name: `FROM ${reference}@${base.digest}`,
        state: 'done',
        cached: false,
        seq: 1,
      });
    await verifyBuildJob(job);
    await sweepAccess(actor.teamId);
    expect((await getBuild(actor, buildId)).bases).toMatchObject([
      {
        reference,
        digest: base.digest,
        current: base.digest,
        hasMoved: false,
      },
    ]);
    expect((await listAlerts(actor)).items).toEqual([]);
    const moved = fake.store.seedImage('acme/base', '12', { layers: ['new'] });
    await db()
      .update(accessWatches)
      .set({ dueAt: new Date(0) })
      .where(eq(accessWatches.teamId, actor.teamId));
    await sweepAccess(actor.teamId);
    expect((await getBuild(actor, buildId)).bases).toMatchObject([
      { current: moved.digest, hasMoved: true },
    ]);
    const details = (await listAlerts(actor)).items.map(({ detail }) => detail);
    expect(details).toMatchObject([
      {
        kind: 'base_moved',
        base: reference,
        from: base.digest,
        to: moved.digest,
      },
    ]);
    const base12 = and(
      eq(accessWatches.teamId, actor.teamId),
      eq(accessWatches.reference, ':12'),
      eq(accessWatches.platform, ''),
    );
    expect(await db().select().from(accessWatches).where(base12)).toMatchObject(
      [{ reason: 'base' }],
    );
    await importPython(actor, {
      source: `from flytekit import task\n@task(container_image="${reference}")\ndef fit(): ...\n`,
      fileName: 'flow.py',
      requirements: {},
      specs: [],
      project: 'flow',
    });
    await sweepAccess(actor.teamId);
    const [used] = await db().select().from(accessWatches).where(base12);
    expect(used?.reason).toBe('task');
    expect(used?.dueAt.getTime()).toBeLessThanOrEqual(Date.now() + 300_000);
  });
});

describe('looking at tags when somebody asks', () => {
  it('writes a move down, with the new image, and a tag that is gone', async () => {
    const { seeded, repositoryId } = await published();
    const moved = fake.store.seedImage('acme/etl', 'v1', {
      layers: ['another'],
    });
    expect(await requestTagRefresh(actor, { repositoryId })).toEqual({
      looked: 1,
      moved: ['v1'],
      gone: [],
    });
    expect(
      await db().select().from(tags).where(eq(tags.repositoryId, repositoryId)),
    ).toMatchObject([{ name: 'v1', currentDigest: moved.digest }]);
    expect(
      await db()
        .select()
        .from(tagMoves)
        .where(eq(tagMoves.repositoryId, repositoryId)),
    ).toMatchObject([
      { fromDigest: null, toDigest: seeded.digest },
      { fromDigest: seeded.digest, toDigest: moved.digest },
    ]);
    expect(
      await db()
        .select()
        .from(manifests)
        .where(eq(manifests.repositoryId, repositoryId)),
    ).toHaveLength(2);
    fake.store.removeManifest('acme/etl', moved.digest);
    expect(await requestTagRefresh(actor, { repositoryId })).toEqual({
      looked: 1,
      moved: [],
      gone: ['v1'],
    });
    expect(
      await db().select().from(tags).where(eq(tags.repositoryId, repositoryId)),
    ).toMatchObject([{ currentDigest: null }]);
  });
});

describe('an attempt that is verified', () => {
  it('has ended for its worker', async () => {
    const seeded = fake.store.seedImage('acme/etl', 'v1');
    const { buildId, job } = await verifying({ digest: seeded.digest });
    await verifyBuildJob(job);
    const [attempt] = await db()
      .select()
      .from(buildAttempts)
      .where(eq(buildAttempts.buildId, buildId));
    expect(attempt?.outcome).toBe('published');
    expect(attempt?.finishedAt).not.toBeNull();
  });
});
