import { gunzipSync } from 'node:zlib';
import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { db } from '@/db';
import { builds } from '@/db/schema';
import { makeActor, makeRegistry, makeWorker, READY } from '@/db/testing/rows';
import type { Actor } from '@/lib/auth';
import { emptyDefinition } from '@/lib/imagespec/definition';
import type { CreateSpec } from '@/lib/imagespec/inputs';
import { parseImageSpec } from '@/lib/imagespec/schema';
import { imageName, specId, specTag } from '@/lib/imagespec/tag';
import { claimedJob, newClaim } from '@/lib/services/testing/claims';
import { deleteSecret, storeSecret } from '@/lib/services/build-secrets';
import { getBuild } from '@/lib/services/build-views';
import { finishAttempt } from '@/lib/services/build-work';
import { cancelBuild } from '@/lib/services/build-cancel';
import { startBuild } from '@/lib/services/testing/starts';
import { listBases } from '@/lib/services/spec-bases';
import { getSpec } from '@/lib/services/spec-views';
import { createSpec, saveRevision } from '@/lib/services/specs';
import type { WorkerActor } from '@/lib/services/worker-auth';
import { packStarter } from '@/lib/services/spec-starter';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const now = AbortSignal.abort();

let actor: Actor;
let worker: WorkerActor;
let registryId: string;

beforeEach(async () => {
  actor = await makeActor();
  worker = await makeWorker(actor);
  registryId = (await makeRegistry(actor)).id;
});

async function spec(fields: object, rest: Partial<CreateSpec> = {}) {
  const { id } = await createSpec(actor, {
    ...emptyDefinition,
    fields: parseImageSpec(fields),
    registryId,
    message: '',
    ...rest,
  });
  return getSpec(actor, id);
}

/** A spec on the base, as the form sends it. */
async function specOn(name: string, base: { name: string }) {
  const choice = (await listBases(actor)).find(
    (each) => each.name === base.name,
  );
  if (!choice) throw new Error('The base is no choice.');
  return spec(
    { name, base_image: choice.fields },
    { baseRevisionId: choice.revisionId },
  );
}

const start = (specId: string) => startBuild(actor, { specId, noCache: false });
const take = () => claimedJob(worker, newClaim(), now);

async function publish(buildId: string) {
  await db()
    .update(builds)
    .set({ state: 'published', digest: DIGEST })
    .where(eq(builds.id, buildId));
}

describe('a spec on another', () => {
  it('takes the tag of its base into its own, as flytekit does', async () => {
    const base = await spec(
      { name: 'base', requirements: 'r.txt' },
      { requirements: 'pandas' },
    );
    const { revision } = await specOn('child', base);
    const { digests, fields } = revision;
    expect(digests.base?.requirements).toMatch(/^[0-9a-f]{40}$/);
    expect(revision.tag).toBe(specTag(fields, digests));
    expect(revision.flyteId).toBe(specId(fields));
    expect(
      imageName(parseImageSpec(fields.base_image), digests.base ?? {}),
    ).toBe(`${base.revision.imageName}:${base.revision.tag}`);
    expect(revision.base).toEqual({
      specId: base.id,
      name: 'base',
      revision: 1,
      newest: 1,
    });
  });

  it('has the files of every base, as each was saved', async () => {
    const lowest = await spec(
      { name: 'lowest', requirements: 'r.txt' },
      { requirements: 'pandas' },
    );
    const middle = await specOn('middle', lowest);
    const top = await specOn('top', middle);
    expect(top.revision.baseFiles).toEqual([{}, { 'r.txt': 'pandas' }]);
    const { bytes } = await packStarter(actor, top.id);
    const packed = gunzipSync(bytes).toString('utf8');
    expect(packed).toContain('top-project/r.txt');
    expect(packed).toContain('pandas');
  });

  it('keeps standing on the revision it was saved with', async () => {
    const base = await spec({ name: 'base' });
    const child = await specOn('child', base);
    await saveRevision(actor, {
      ...emptyDefinition,
      fields: parseImageSpec({ name: 'base', packages: ['x'] }),
      registryId,
      message: '',
      specId: base.id,
      baseRevision: 1,
    });
    const { revision } = await getSpec(actor, child.id);
    expect(revision.base).toMatchObject({ revision: 1, newest: 2 });
    expect(revision.fields.base_image).not.toHaveProperty('packages');
  });

  it('refuses a base that is no spec of the team', async () => {
    const strange = await makeActor();
    const theirs = await createSpec(strange, {
      ...emptyDefinition,
      fields: parseImageSpec({ name: 'base' }),
      registryId: (await makeRegistry(strange)).id,
      message: '',
    });
    const { revision } = await getSpec(strange, theirs.id);
    for (const baseRevisionId of [null, revision.id]) {
      await expect(
        spec({ name: 'c', base_image: { name: 'base' } }, { baseRevisionId }),
      ).rejects.toMatchObject({ code: 'SPEC_INVALID' });
    }
  });
});

describe('building a spec on another', () => {
  it('builds the base first, and hands its digest to the next', async () => {
    const base = await spec({ name: 'base' });
    const child = await specOn('child', base);
    const top = await specOn('top', child);
    const build = await start(top.id);
    const names = [];
    for (let round = 0; round < 3; round += 1) {
      const job = await take();
      if (!job) throw new Error('Nothing could be claimed.');
      names.push([job.spec.name, job.baseImage]);
      expect(await take()).toBeNull();
      await publish(job.buildId);
    }
    expect(names).toEqual([
      ['base', null],
      ['child', `registry.example.com/acme/base@${DIGEST}`],
      ['top', `registry.example.com/acme/child@${DIGEST}`],
    ]);
    const view = await getBuild(actor, build.id);
    expect(view.base).toMatchObject({ specName: 'child', state: 'published' });
  });

  it('names the registries that a build asks', async () => {
    const lone = await spec({ name: 'lone', base_image: 'quay.io/acme/base' });
    const { hosts } = await getBuild(actor, (await start(lone.id)).id);
    expect(hosts).toEqual([
      'quay.io',
      'ghcr.io',
      'docker.io',
      'registry.example.com',
    ]);
  });

  it('builds a base once for all that wait for it, and not again when it is there', async () => {
    const base = await spec({ name: 'base' });
    const [one, two] = [await specOn('one', base), await specOn('two', base)];
    const [first, second] = [await start(one.id), await start(two.id)];
    const [a, b] = [
      await getBuild(actor, first.id),
      await getBuild(actor, second.id),
    ];
    expect(a.base?.id).toBe(b.base?.id);
    expect(a.queue?.reason).toMatch(/^Waits for its base image, build #1 of/);
    await publish(a.base?.id ?? '');
    const again = await getBuild(actor, (await start(one.id)).id);
    expect(again.base?.id).toBe(a.base?.id);
  });

  it.each(['failed', 'cancelled'] as const)(
    'fails with a base that is %s',
    async (outcome) => {
      const base = await spec({ name: 'base' });
      const child = await specOn('child', base);
      const top = await start((await specOn('top', child)).id);
      if (outcome === 'cancelled') {
        const middle = await getBuild(actor, top.id);
        const bottom = await getBuild(actor, middle.base?.id ?? '');
        await cancelBuild(actor, { buildId: bottom.base?.id ?? '' });
      } else {
        const job = await take();
        if (!job) throw new Error('Nothing could be claimed.');
        await finishAttempt(worker, job, {
          lastSeq: 0,
          checksum:
            'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
          result: {
            outcome: 'failed',
            failure: {
              code: 'BUILD_COMMAND_FAILED',
              message: 'No.',
              step: null,
              exitCode: 1,
            },
          },
        });
      }
      const view = await getBuild(actor, top.id);
      expect(view).toMatchObject({
        state: 'failed',
        failure: { code: 'BUILD_BASE_FAILED' },
      });
      expect(view.failure?.message).toMatch(
        /^Its base image, build #\d, failed/,
      );
      expect(await take()).toBeNull();
    },
  );
});

describe('mounted secrets', () => {
  const mounts = {
    name: 'private',
    pip_secret_mounts: [['/home/me/.netrc', '/root/.netrc']],
  };

  it('go to the worker with the attempt, by the name they are mapped to', async () => {
    await storeSecret(actor, { name: 'index', content: 'machine a' });
    const { id } = await spec(mounts, {
      secretNames: { '/home/me/.netrc': 'index' },
    });
    await start(id);
    expect((await take())?.secrets).toEqual(['machine a']);
  });

  it('are not given to a worker whose engine would leave them in the image', async () => {
    await storeSecret(actor, { name: '.netrc', content: 'machine a' });
    const { id } = await spec(mounts);
    const { id: buildId } = await start(id);
    const classic = { ...READY, kind: 'docker-classic' as const };
    const ask = (engine: typeof READY) =>
      claimedJob(worker, newClaim(engine), now);
    expect(await ask(classic)).toBeNull();
    expect((await getBuild(actor, buildId)).queue).toMatchObject({
      canStart: false,
      reason: expect.stringContaining('mounts a secret') as string,
    });
    expect((await ask(READY))?.buildId).toBe(buildId);
  });

  it('are asked for before a build is queued', async () => {
    const { id } = await spec(mounts);
    await expect(start(id)).rejects.toMatchObject({
      code: 'BUILD_SECRET_MISSING',
      message: expect.stringContaining('.netrc') as string,
    });
  });

  it('fail the build when they are deleted while it waits', async () => {
    const secret = await storeSecret(actor, {
      name: '.netrc',
      content: 'machine a',
    });
    const { id } = await spec(mounts);
    const build = await start(id);
    await deleteSecret(actor, { secretId: secret.id });
    expect(await take()).toBeNull();
    expect(await getBuild(actor, build.id)).toMatchObject({
      state: 'failed',
      failure: { code: 'BUILD_SECRET_MISSING' },
    });
  });
});
