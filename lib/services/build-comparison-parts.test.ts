import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { db } from '@/db';
import { buildAttempts } from '@/db/schema';
import { makeActor } from '@/db/testing/rows';
import { askFor } from '@/lib/build/schema';
import { cancelBuild } from '@/lib/services/build-cancel';
import { compareBuilds } from '@/lib/services/build-comparison';
import { startBuilds } from '@/lib/services/build-start';
import {
  makePartsFixture,
  type PartsFixture,
  settle,
} from '@/lib/services/testing/part-runs';

const [AMD, ARM, S390] = ['linux/amd64', 'linux/arm64', 'linux/s390x'] as const;

let fixture: PartsFixture;
beforeEach(async () => {
  fixture = await makePartsFixture();
});
afterEach(() => fixture.fake.close());

const compare = (before: string, after: string, platform?: string) =>
  compareBuilds(fixture.actor, { before, after, platform });

/** A published build for these platforms, with its parts in their order. */
async function published(...platforms: string[]) {
  const spec = await fixture.specFor(platforms.join());
  const { id } = await fixture.start(spec);
  const path = spec.revision.imageName.slice(fixture.fake.host.length + 1);
  for (const platform of platforms)
    await fixture.push(await fixture.take(platform), platform, path);
  await settle();
  return { id, spec, parts: await fixture.partsOf(id) };
}

describe('two builds for several platforms', () => {
  it('are compared as wholes, and on the first platform of both by their parts', async () => {
    const before = await published(AMD, ARM);
    const after = await published(S390, ARM, AMD);
    const view = await compare(before.id, after.id);
    expect(view).toMatchObject({
      before: { build: { id: before.id } },
      after: { build: { id: after.id } },
      platforms: { both: [AMD, ARM], onlyBefore: [], onlyAfter: [S390] },
      runs: {
        before: { platform: AMD, build: { id: before.parts[0]?.id } },
        after: { platform: AMD, build: { id: after.parts[2]?.id } },
      },
    });
  });

  it('are compared on the platform that is asked for, with what was made for it', async () => {
    const { id, parts } = await published(AMD, ARM);
    const { runs } = await compare(id, id, ARM);
    const build = { id: parts[1]?.id, digest: parts[1]?.digest };
    expect(runs?.before).toMatchObject({ platform: ARM, build });
    expect(runs?.before.layers).toHaveLength(1);
    expect(runs?.before.layers).not.toEqual(
      (await compare(id, id, AMD)).runs?.before.layers,
    );
  });

  it('are compared on the first of both when one is asked for that is not of both', async () => {
    const before = await published(AMD, ARM);
    const after = await published(ARM, S390);
    for (const platform of [AMD, S390, 'linux/', '../x', ''])
      expect(
        (await compare(before.id, after.id, platform)).runs,
        platform,
      ).toMatchObject({ before: { platform: ARM }, after: { platform: ARM } });
  });

  it('share none, which leaves nothing but what they are as wholes', async () => {
    const before = await published(AMD, ARM);
    const after = await published(S390);
    expect(await compare(before.id, after.id, ARM)).toMatchObject({
      after: { build: { id: after.id } },
      platforms: { both: [], onlyBefore: [AMD, ARM], onlyAfter: [S390] },
      runs: null,
    });
  });

  it('are compared also where a part never ran', async () => {
    const before = await published(AMD, ARM);
    const after = await fixture.start(before.spec);
    await cancelBuild(fixture.actor, { buildId: after.id });
    const [part] = await fixture.partsOf(after.id);
    const { runs } = await compare(before.id, after.id);
    expect(runs?.after).toMatchObject({
      build: { id: part?.id, state: 'cancelled', attempt: 0, steps: [] },
      layers: null,
      packages: null,
    });
  });

  it('are compared by what they have for a platform where one took an image that was there', async () => {
    const made = await published(AMD, ARM);
    await db().update(buildAttempts).set({ dockerfile: 'FROM scratch' });
    const { builds: asked } = await startBuilds(
      fixture.actor,
      askFor([{ specId: made.spec.spec.id }]),
    );
    expect(asked).toMatchObject([{ how: 'reused' }]);
    const reused = asked[0]?.id ?? '';
    const { runs } = await compare(made.id, reused, ARM);
    expect(runs?.after.build).toMatchObject({
      id: reused,
      digest: made.parts[1]?.digest,
      sizeBytes: runs?.before.build.sizeBytes,
      steps: [],
    });
    expect(runs?.after.build.sizeBytes).not.toBeNull();
    expect(runs?.after.layers).toEqual(runs?.before.layers);
  });
});

describe('a build for one platform', () => {
  it('is compared with the part for it, on either side', async () => {
    const several = await published(AMD, ARM);
    const one = await published(ARM);
    const part = { platform: ARM, build: { id: several.parts[1]?.id } };
    const own = { platform: ARM, build: { id: one.id } };
    expect((await compare(several.id, one.id)).runs).toMatchObject({
      before: part,
      after: own,
    });
    expect((await compare(one.id, several.id, AMD)).runs).toMatchObject({
      before: own,
      after: part,
    });
  });

  it('is compared with one for another, each on its own', async () => {
    const [before, after] = [await published(AMD), await published(ARM)];
    expect((await compare(before.id, after.id, ARM)).runs).toMatchObject({
      before: { platform: AMD, build: { id: before.id } },
      after: { platform: ARM, build: { id: after.id } },
    });
  });
});

it('is nothing for another team, on either side, whole or part', async () => {
  const theirs = await published(AMD, ARM);
  const stranger = await makePartsFixture();
  const mine = await stranger.start();
  await stranger.fake.close();
  const ids = [theirs.id, theirs.parts[1]?.id ?? ''];
  for (const actor of [stranger.actor, await makeActor()])
    for (const id of ids)
      for (const [before, after] of [
        [mine.id, id],
        [id, mine.id],
        [id, id],
      ] as const)
        await expect(
          compareBuilds(actor, { before, after, platform: ARM }),
        ).rejects.toMatchObject({ code: 'NOT_FOUND' });
});
