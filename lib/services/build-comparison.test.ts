import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { db } from '@/db';
import { builds, manifestLayers } from '@/db/schema';
import { makeActor, makeRegistry, makeSpec } from '@/db/testing/rows';
import type { Actor } from '@/lib/auth';
import { compareBuilds } from '@/lib/services/build-comparison';
import { getBuild } from '@/lib/services/build-views';
import { startBuild } from '@/lib/services/testing/starts';

const DIGEST = `sha256:${'a'.repeat(64)}`;

let actor: Actor;
let specId: string;

beforeEach(async () => {
  actor = await makeActor();
  const { spec } = await makeSpec(actor, await makeRegistry(actor));
  specId = spec.id;
});

async function published(noCache = false): Promise<string> {
  const { id } = await startBuild(actor, { specId, noCache });
  await db()
    .update(builds)
    .set({ state: 'published', digest: DIGEST })
    .where(eq(builds.id, id));
  return id;
}

describe('compareBuilds', () => {
  it('gives the facts of both, each on its side', async () => {
    const first = await published();
    const second = await published(true);
    const { before, after, runs } = await compareBuilds(actor, {
      before: second,
      after: first,
    });
    expect(before).toMatchObject({
      build: { id: second },
      revision: { number: 1 },
      isWithoutCache: true,
    });
    expect(runs?.before).toMatchObject({
      build: { id: second },
      layers: null,
      packages: null,
    });
    expect(runs?.after.build.id).toBe(first);
    expect(after).toMatchObject({
      build: { id: first },
      isWithoutCache: false,
    });
  });

  it('has the layers of what was published, bottom first', async () => {
    const id = await published();
    const { repository } = await getBuild(actor, id);
    const layer = (position: number) => ({
      repositoryId: repository.id,
      digest: DIGEST,
      position,
      blobDigest: `sha256:${String(position).repeat(64)}`,
      sizeBytes: position,
    });
    await db()
      .insert(manifestLayers)
      .values([layer(2), layer(1)]);
    const { runs } = await compareBuilds(actor, { before: id, after: id });
    expect(runs?.after.layers?.map(({ sizeBytes }) => sizeBytes)).toEqual([
      1, 2,
    ]);
  });

  it('knows the build of the spec before each', async () => {
    const first = await published();
    const second = await published();
    expect((await getBuild(actor, second)).previous).toMatchObject({
      id: first,
      number: 1,
    });
    expect((await getBuild(actor, first)).previous).toBeNull();
  });

  it('is nothing for another team, on either side', async () => {
    const mine = await published();
    const stranger = await makeActor();
    const { spec } = await makeSpec(stranger, await makeRegistry(stranger));
    const theirs = await startBuild(stranger, {
      specId: spec.id,
      noCache: false,
    });
    for (const [before, after] of [
      [mine, theirs.id],
      [theirs.id, mine],
    ] as const)
      await expect(
        compareBuilds(actor, { before, after }),
      ).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
