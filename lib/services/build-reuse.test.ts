import { and, eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { db } from '@/db';
import {
  buildAttempts,
  buildOutputs,
  builds,
  jobs,
  manifests,
  registries,
  specRevisions,
} from '@/db/schema';
import { makeSpec, makeWorker } from '@/db/testing/rows';
import { askFor, type StartBuilds } from '@/lib/build/schema';
import { rebuild, startBuilds } from '@/lib/services/build-start';
import { claimNow } from '@/lib/services/testing/claims';
import {
  makeRegistryFixture,
  type RegistryFixture,
} from '@/lib/services/testing/registry-fixture';
import { startBuild } from '@/lib/services/testing/starts';

let fixture: RegistryFixture;
let spec: Awaited<ReturnType<typeof makeSpec>>;
let path: string;

beforeEach(async () => {
  fixture = await makeRegistryFixture();
  spec = await specAt(fixture.registryId);
  path = pathOf(spec);
});
afterEach(() => fixture.fake.close());

async function specAt(registryId: string) {
  const [registry] = await db()
    .select()
    .from(registries)
    .where(eq(registries.id, registryId));
  if (!registry) throw new Error('There is no such registry.');
  return makeSpec(fixture.actor, registry, { tag: 'v1' });
}

const pathOf = ({ revision }: typeof spec) =>
  revision.imageName.slice(fixture.fake.host.length + 1);

const using = (digest: string): Partial<StartBuilds> => ({
  answers: { use: { [spec.spec.id]: digest }, rebuild: [] },
});
const anyhow = (): Partial<StartBuilds> => ({
  answers: { use: {}, rebuild: [spec.spec.id] },
});
const ask = (input: Partial<StartBuilds> = {}, { spec: of } = spec) =>
  startBuilds(fixture.actor, { ...askFor([{ specId: of.id }]), ...input });

const seed = (at = path, tag = 'v1') => fixture.fake.store.seedImage(at, tag);

async function read(id: string | undefined) {
  const [row] = await db()
    .select()
    .from(builds)
    .where(eq(builds.id, id ?? ''));
  if (!row) throw new Error('There is no such build.');
  return row;
}

/** A build of the spec that made the digest here, on these bases. */
async function madeHere(
  digest: string,
  {
    of = spec,
    dockerfile = 'FROM scratch',
    bases = [] as { reference: string; digest: string }[],
    baseBuildId = null as string | null,
  } = {},
): Promise<string> {
  const { id } = await startBuild(fixture.actor, {
    specId: of.spec.id,
    noCache: true,
  });
  const build = await read(id);
  await db()
    .update(builds)
    .set({ state: 'published', digest, currentAttempt: 1, baseBuildId })
    .where(eq(builds.id, id));
  await db().insert(buildAttempts).values({
    buildId: id,
    attempt: 1,
    leaseUntil: new Date(),
    outcome: 'published',
    dockerfile,
  });
  await db()
    .insert(buildOutputs)
    .values({
      buildId: id,
      platform: build.platform,
      repositoryId: build.repositoryId,
      digest,
      detail: { version: 1, bases },
    });
  return id;
}

describe('a tag that is there, made here from the same', () => {
  it('is answered at once, without a worker, saying which build made it', async () => {
    const { digest } = seed();
    const source = await madeHere(digest);
    const { builds: asked, there } = await ask();
    expect(there).toEqual([]);
    expect(asked).toMatchObject([{ how: 'reused' }]);
    expect(await read(asked[0]?.id)).toMatchObject({
      state: 'published',
      digest,
      isReused: true,
      sourceBuildId: source,
      currentAttempt: 0,
    });
    expect(await claimNow(await makeWorker(fixture.actor))).toBeNull();
  });

  it('is built when it is forced, or rebuilt', async () => {
    const made = await madeHere(seed().digest);
    expect((await ask({ noCache: true })).builds[0]?.how).toBe('queued');
    const again = { buildId: made, noCache: false };
    expect((await rebuild(fixture.actor, again)).how).toBe('queued');
  });

  it('is built, without a question, when it came from another definition', async () => {
    await madeHere(seed().digest);
    const { id: _, createdAt: __, ...first } = spec.revision;
    await db()
      .insert(specRevisions)
      .values({ ...first, number: 2, definitionHash: 'other' });
    const { builds: asked } = await ask({
      specs: [{ specId: spec.spec.id, revision: 2 }],
    });
    expect(asked[0]?.how).toBe('queued');
  });

  describe('on a base that is named by a tag', () => {
    const onBase = async () => {
      const base = seed('acme/base', '12');
      const reference = `${fixture.fake.host}/acme/base:12`;
      await madeHere(seed().digest, {
        dockerfile: `FROM ${reference}\nRUN true`,
        bases: [{ reference, digest: base.digest }],
      });
    };

    it('is reused while the tag stands still', async () => {
      await onBase();
      expect((await ask()).builds[0]?.how).toBe('reused');
    });

    it('is built once the tag has moved', async () => {
      await onBase();
      fixture.fake.store.seedImage('acme/base', '12', {
        platform: 'linux/arm64',
      });
      expect((await ask()).builds[0]?.how).toBe('queued');
    });

    it('is built when nobody knows which image was behind the tag', async () => {
      await madeHere(seed().digest, {
        dockerfile: `FROM ${fixture.fake.host}/acme/base:12`,
      });
      expect((await ask()).builds[0]?.how).toBe('queued');
    });
  });

  it('is reused on a base that is a spec only while that has the same image', async () => {
    const base = await specAt(fixture.registryId);
    const baseBuild = await madeHere(seed(pathOf(base)).digest, { of: base });
    const { id: _, createdAt: __, ...first } = spec.revision;
    await db()
      .insert(specRevisions)
      .values({ ...first, number: 2, baseRevisionId: base.revision.id });
    await madeHere(seed().digest, { baseBuildId: baseBuild });
    const again = { specs: [{ specId: spec.spec.id, revision: 2 }] };
    expect((await ask(again)).builds[0]?.how).toBe('reused');
    await madeHere(`sha256:${'b'.repeat(64)}`, { of: base });
    expect((await ask(again)).builds[0]?.how).toBe('queued');
  });
});

describe('a tag that is there, made by nobody knows whom', () => {
  it('is asked about, and nothing is started', async () => {
    const { digest } = seed();
    expect(await ask()).toMatchObject({
      builds: [],
      there: [
        {
          spec: { id: spec.spec.id },
          image: `${fixture.fake.host}/${path}:v1`,
          digest,
          unfit: null,
        },
      ],
    });
    expect(await db().$count(builds, eq(builds.specId, spec.spec.id))).toBe(0);
  });

  it('is used when the person says so, and then belongs to the inventory', async () => {
    const { digest } = seed();
    const { builds: asked } = await ask(using(digest));
    const build = await read(asked[0]?.id);
    expect(build).toMatchObject({
      state: 'published',
      digest,
      isReused: true,
      sourceBuildId: null,
    });
    const { repositoryId } = build;
    expect(
      await db().$count(
        manifests,
        and(
          eq(manifests.repositoryId, repositoryId),
          eq(manifests.digest, digest),
        ),
      ),
    ).toBe(1);
    expect(
      await db().$count(
        jobs,
        and(
          eq(jobs.teamId, fixture.actor.teamId),
          eq(jobs.kind, 'check_access'),
        ),
      ),
    ).toBe(1);
  });

  it('is asked about again when another image is behind it by now, and after it was used', async () => {
    const { digest } = seed();
    const stale = using(`sha256:${'c'.repeat(64)}`);
    expect((await ask(stale)).there).toMatchObject([{ digest }]);
    await ask(using(digest));
    expect((await ask()).there).toMatchObject([{ digest }]);
  });

  it('cannot be used for another platform', async () => {
    const { digest } = fixture.fake.store.seedImage(path, 'v1', {
      platform: 'linux/arm64',
    });
    const answer = await ask(using(digest));
    expect(answer.there[0]?.unfit).toBe(
      'It is for linux/arm64, not for linux/amd64.',
    );
    expect((await ask(anyhow())).builds[0]?.how).toBe('queued');
  });

  it('cannot be used when it cannot be read', async () => {
    const { digest } = seed();
    fixture.fake.script({
      when: 'GET /v2/*/manifests/*',
      reply: { status: 500 },
    });
    const answer = await ask(using(digest));
    expect(answer.there[0]?.unfit).toBe(
      'The registry does not let it be read.',
    );
  });

  it('is not asked about while the same is being built', async () => {
    const running = await startBuild(fixture.actor, {
      specId: spec.spec.id,
      noCache: false,
    });
    seed();
    expect(await ask()).toMatchObject({
      builds: [{ id: running.id, how: 'joined' }],
      there: [],
    });
  });
});

it('builds when the registry does not say what is there', async () => {
  seed();
  fixture.fake.script({ when: () => true, reply: { status: 500 } });
  expect((await ask()).builds[0]?.how).toBe('queued');
});
