import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { db } from '@/db';
import { builds, imageSpecs, specRevisions } from '@/db/schema';
import { makeActor, makeRegistry, makeWorker, READY } from '@/db/testing/rows';
import type { Actor } from '@/lib/auth';
import { askFor } from '@/lib/build/schema';
import { emptyDefinition } from '@/lib/imagespec/definition';
import { parseImageSpec } from '@/lib/imagespec/schema';
import { cancelBuild } from '@/lib/services/build-cancel';
import { startBuilds } from '@/lib/services/build-start';
import { getBuild } from '@/lib/services/build-views';
import { createSpec } from '@/lib/services/specs';
import { listBases } from '@/lib/services/spec-bases';
import { claimedJob, newClaim } from '@/lib/services/testing/claims';
import { startBuild } from '@/lib/services/testing/starts';
import type { WorkerActor } from '@/lib/services/worker-auth';

const BOTH = ['linux/amd64', 'linux/arm64'];
const DIGEST = `sha256:${'a'.repeat(64)}`;
const FAULT = 'The base base is only for linux/amd64, not for linux/arm64.';

let actor: Actor;
let worker: WorkerActor;
let registryId: string;
beforeEach(async () => {
  actor = await makeActor();
  worker = await makeWorker(actor);
  registryId = (await makeRegistry(actor)).id;
});

const save = (fields: object, baseRevisionId: string | null = null) =>
  createSpec(actor, {
    ...emptyDefinition,
    fields: parseImageSpec(fields),
    baseRevisionId,
    registryId,
    message: '',
  });

/** A base for these platforms, and a spec for both on it. */
async function chain(platform: string) {
  const base = await save({ name: 'base', platform });
  const [choice] = await listBases(actor);
  if (!choice) throw new Error('The base is no choice.');
  const own = { name: 'etl', platform: BOTH.join(), base_image: choice.fields };
  return { base, save: () => save(own, choice.revisionId) };
}

const start = (specId: string) => startBuild(actor, { specId, noCache: false });
const take = () =>
  claimedJob(
    worker,
    newClaim({ ...READY, platforms: BOTH }),
    AbortSignal.abort(),
  );

describe('a spec for several platforms on another', () => {
  it('is refused at its platform while the base is not for each of them', async () => {
    const refused = (await chain('linux/amd64')).save();
    await expect(refused).rejects.toMatchObject({
      code: 'SPEC_INVALID',
      fields: { platform: FAULT },
    });
  });

  it('is refused when it is asked for, where it was saved before that was looked at', async () => {
    const { base } = await chain('linux/amd64');
    const { id } = await save({ name: 'etl', platform: BOTH.join() });
    const [below] = await db()
      .select()
      .from(specRevisions)
      .where(eq(specRevisions.specId, base.id));
    const [saved] = await db()
      .select()
      .from(specRevisions)
      .where(eq(specRevisions.specId, id));
    if (!below || !saved) throw new Error('A revision is missing.');
    const { id: _, ...same } = saved;
    await db()
      .insert(specRevisions)
      .values({
        ...same,
        number: 2,
        fields: { ...saved.fields, base_image: below.fields },
        baseRevisionId: below.id,
      });
    await db()
      .update(imageSpecs)
      .set({ currentRevision: 2 })
      .where(eq(imageSpecs.id, id));
    await expect(
      startBuilds(actor, askFor([{ specId: id }])),
    ).rejects.toMatchObject({ code: 'SPEC_INVALID', message: FAULT });
  });

  it('has each part begin from the index of its base, once that is published', async () => {
    const specs = await chain(BOTH.join());
    const { id } = await specs.save();
    const build = await getBuild(actor, (await start(id)).id);
    const baseId = build.base?.id ?? '';
    const first = [await take(), await take()].map((job) => job?.spec.name);
    expect(first).toEqual(['base', 'base']);
    expect(await take()).toBeNull();
    await db()
      .update(builds)
      .set({ state: 'published', digest: DIGEST })
      .where(eq(builds.id, baseId));
    const taken = [await take(), await take()];
    expect(taken.map((job) => [job?.platform, job?.baseImage])).toEqual(
      BOTH.map((one) => [one, `registry.example.com/acme/base@${DIGEST}`]),
    );
  });

  it('fails with all its parts when its base does', async () => {
    const specs = await chain(BOTH.join());
    const { id } = await specs.save();
    const build = await getBuild(actor, (await start(id)).id);
    await cancelBuild(actor, { buildId: build.base?.id ?? '' });
    const failed = {
      state: 'failed',
      failure: { code: 'BUILD_BASE_FAILED' },
    };
    expect(await getBuild(actor, build.id)).toMatchObject({
      ...failed,
      parts: [failed, failed],
    });
  });
});
