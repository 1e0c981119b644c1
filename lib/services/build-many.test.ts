import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { db } from '@/db';
import { builds, specRevisions } from '@/db/schema';
import {
  makeActor,
  makeRegistry,
  makeSpec,
  makeWorker,
} from '@/db/testing/rows';
import type { Actor } from '@/lib/auth';
import { askFor } from '@/lib/build/schema';
import { setSpecLimits } from '@/lib/services/build-rules';
import { startBuilds } from '@/lib/services/build-start';
import { getBuild } from '@/lib/services/build-views';
import { listBuilds } from '@/lib/services/build-list';
import { updateTeamLimits } from '@/lib/services/settings';
import { archiveSpec } from '@/lib/services/specs';
import { claimNow } from '@/lib/services/testing/claims';
import { startBuild } from '@/lib/services/testing/starts';

let actor: Actor;
let registry: Awaited<ReturnType<typeof makeRegistry>>;

type Made = Awaited<ReturnType<typeof makeSpec>>;

beforeEach(async () => {
  actor = await makeActor();
  registry = await makeRegistry(actor);
});

const make = (name: string) => makeSpec(actor, registry, { name });

/** A spec that stands on another's first revision. */
async function makeOn(base: Made, name: string): Promise<Made> {
  const made = await make(name);
  const { id: _, createdAt: __, ...first } = made.revision;
  const [revision] = await db()
    .insert(specRevisions)
    .values({ ...first, number: 2, baseRevisionId: base.revision.id })
    .returning();
  await setCurrent(made, 2);
  if (!revision) throw new Error('The revision was not stored.');
  return { spec: { ...made.spec, currentRevision: 2 }, revision };
}

const setCurrent = ({ spec }: Made, number: number) =>
  db().execute(
    `update image_specs set current_revision = ${String(number)} where id = '${spec.id}'`,
  );

const chain = (base: Made) =>
  startBuilds(
    actor,
    askFor([{ specId: base.spec.id }], { withDependents: true }),
  );

async function namesOf(ids: readonly { id: string }[]) {
  const views = await Promise.all(ids.map(({ id }) => getBuild(actor, id)));
  return views.map(({ spec, base }) => [spec.name, base?.specName ?? null]);
}

describe('building a spec and what stands on it', () => {
  it('builds each on the new build of its base, side by side where they can be', async () => {
    const base = await make('base');
    const left = await makeOn(base, 'left');
    await makeOn(base, 'right');
    await makeOn(left, 'top');
    await make('other');
    const { builds: asked, batchId } = await chain(base);
    expect(await namesOf(asked)).toEqual([
      ['base', null],
      ['left', 'base'],
      ['right', 'base'],
      ['top', 'left'],
    ]);
    const listed = await listBuilds(actor, { batch: batchId ?? '' });
    expect(listed.items.map(({ id }) => id).sort()).toEqual(
      asked.map(({ id }) => id).sort(),
    );
    const worker = await makeWorker(actor);
    const first = await claimNow(worker);
    expect(first?.buildId).toBe(asked[0]?.id);
    expect(await claimNow(worker)).toBeNull();
    await db()
      .update(builds)
      .set({ state: 'published', digest: `sha256:${'a'.repeat(64)}` })
      .where(eq(builds.id, first?.buildId ?? ''));
    const next = [await claimNow(worker), await claimNow(worker)];
    expect(next.map((job) => job?.buildId)).toEqual([
      asked[1]?.id,
      asked[2]?.id,
    ]);
  });

  it('leaves out, and names, what stands on an older revision, and what is archived', async () => {
    const base = await make('base');
    await makeOn(base, 'behind');
    const gone = await makeOn(base, 'gone');
    await archiveSpec(actor, { specId: gone.spec.id });
    const { id: _, createdAt: __, ...first } = base.revision;
    await db()
      .insert(specRevisions)
      .values({ ...first, number: 2 });
    await setCurrent(base, 2);
    const { builds: asked, leftOut } = await chain(base);
    expect(await namesOf(asked)).toEqual([['base', null]]);
    expect(leftOut.map(({ name }) => name)).toEqual(['behind']);
  });
});

describe('building many', () => {
  it('builds a base first, whatever the order, and once', async () => {
    const base = await make('base');
    const child = await makeOn(base, 'child');
    const { builds: asked } = await startBuilds(
      actor,
      askFor([{ specId: child.spec.id }, { specId: base.spec.id }]),
    );
    expect(await namesOf(asked)).toEqual([
      ['base', null],
      ['child', 'base'],
    ]);
    expect(await db().$count(builds, eq(builds.teamId, actor.teamId))).toBe(2);
  });

  it('starts all or none', async () => {
    const good = await make('good');
    const bad = await make('bad');
    await db().execute(
      `update image_specs set registry_id = null where id = '${bad.spec.id}'`,
    );
    await expect(
      startBuilds(
        actor,
        askFor([{ specId: good.spec.id }, { specId: bad.spec.id }]),
      ),
    ).rejects.toMatchObject({ code: 'SPEC_INVALID' });
    expect(await db().$count(builds, eq(builds.teamId, actor.teamId))).toBe(0);
  });

  it('gives a batch of the builds that were on their way already', async () => {
    const [one, two] = [await make('one'), await make('two')];
    const running = await startBuild(actor, {
      specId: one.spec.id,
      noCache: false,
    });
    const { builds: asked } = await startBuilds(
      actor,
      askFor([{ specId: one.spec.id }, { specId: two.spec.id }]),
    );
    expect(asked.map(({ how }) => how)).toEqual(['joined', 'queued']);
    expect(asked[0]?.id).toBe(running.id);
  });

  it("lists no other team's batch", async () => {
    const base = await make('base');
    await makeOn(base, 'child');
    const { batchId } = await chain(base);
    const stranger = await makeActor();
    expect(
      (await listBuilds(stranger, { batch: batchId ?? '' })).items,
    ).toEqual([]);
  });
});

describe('time limits', () => {
  const limitsOf = async (specId: string) => {
    const { id } = await startBuild(actor, { specId, noCache: true });
    return (await getBuild(actor, id)).ask.limits;
  };

  it("are the spec's, else the team's, else the built-in ones, as they were when it was asked for", async () => {
    const { spec } = await make('etl');
    expect(await limitsOf(spec.id)).toEqual({
      totalMinutes: 120,
      idleMinutes: 30,
    });
    await updateTeamLimits(actor, { totalMinutes: 60, idleMinutes: null });
    await setSpecLimits(actor, {
      specId: spec.id,
      totalMinutes: null,
      idleMinutes: 5,
    });
    expect(await limitsOf(spec.id)).toEqual({
      totalMinutes: 60,
      idleMinutes: 5,
    });
    const worker = await makeWorker(actor);
    const jobs = [await claimNow(worker), await claimNow(worker)];
    expect(
      jobs.map((job) => [job?.limits.totalMs, job?.limits.idleMs]),
    ).toEqual([
      [7_200_000, 1_800_000],
      [3_600_000, 300_000],
    ]);
  });

  it('of the team are an owner’s to set', async () => {
    const member = await makeActor({ teamId: actor.teamId, role: 'member' });
    await expect(
      updateTeamLimits(member, { totalMinutes: 1, idleMinutes: 1 }),
    ).rejects.toMatchObject({ code: 'NOT_ALLOWED' });
  });
});
