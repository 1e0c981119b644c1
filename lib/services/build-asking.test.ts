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
import { listAskers } from '@/lib/services/build-asks';
import { cancelBuild } from '@/lib/services/build-cancel';
import { moveBuild } from '@/lib/services/build-moves';
import { rebuild } from '@/lib/services/build-start';
import { claimNow } from '@/lib/services/testing/claims';
import { startBuild } from '@/lib/services/testing/starts';

let ada: Actor;
let bob: Actor;
let registry: Awaited<ReturnType<typeof makeRegistry>>;
let spec: Awaited<ReturnType<typeof makeSpec>>['spec'];
let revision: Awaited<ReturnType<typeof makeSpec>>['revision'];

beforeEach(async () => {
  ada = await makeActor();
  bob = await makeActor({ teamId: ada.teamId, role: 'member' });
  registry = await makeRegistry(ada);
  ({ spec, revision } = await makeSpec(ada, registry));
});

const ask = (
  by: Actor,
  options: { noCache?: boolean; revision?: number } = {},
) => startBuild(by, { specId: spec.id, noCache: false, ...options });
const cancel = (by: Actor, buildId: string) => cancelBuild(by, { buildId });
const read = async (id: string) => {
  const [row] = await db().select().from(builds).where(eq(builds.id, id));
  if (!row) throw new Error('There is no such build.');
  return row;
};
const askers = async (id: string) =>
  (await listAskers(db(), id))
    .filter(({ hasWithdrawn }) => !hasWithdrawn)
    .map(({ userId }) => userId);

/** The second revision of a spec that has one. */
function afterOf({
  id: _,
  createdAt: __,
  ...first
}: typeof revision): typeof specRevisions.$inferInsert {
  return { ...first, number: 2, tag: 'v2', definitionHash: 'other' };
}

const revise = (values: Partial<typeof specRevisions.$inferInsert> = {}) =>
  db()
    .insert(specRevisions)
    .values({ ...afterOf(revision), ...values });

describe('the same asked for while it is on its way', () => {
  it('is built once, for both', async () => {
    const first = await ask(ada);
    const second = await ask(bob);
    expect(second).toEqual({ ...first, how: 'joined' });
    expect(await askers(first.id)).toEqual([ada.userId, bob.userId]);
  });

  it('is built once when many ask at the same moment', async () => {
    const asked = await Promise.all(
      Array.from({ length: 8 }, (_, at) => ask(at % 2 === 0 ? ada : bob)),
    );
    expect(new Set(asked.map(({ id }) => id)).size).toBe(1);
    expect(asked.filter(({ how }) => how === 'queued')).toHaveLength(1);
    expect((await askers(asked[0]?.id ?? '')).sort()).toEqual(
      [ada.userId, bob.userId].sort(),
    );
  });

  it('is also the build that runs', async () => {
    const first = await ask(ada);
    await claimNow(await makeWorker(ada));
    expect((await ask(bob)).id).toBe(first.id);
  });

  it('is the same from another spec of that definition and place', async () => {
    const twin = await makeSpec(ada, registry);
    const { tag, definitionHash, imageName } = revision;
    await db()
      .insert(specRevisions)
      .values({
        ...afterOf(twin.revision),
        tag,
        definitionHash,
        imageName,
      });
    const first = await ask(ada);
    const second = await startBuild(bob, {
      specId: twin.spec.id,
      revision: 2,
      noCache: false,
    });
    expect(second.id).toBe(first.id);
  });

  it('is another one when it is forced, stopping, over, or of another definition', async () => {
    const first = await ask(ada);
    const forced = await ask(ada, { noCache: true });
    expect(forced.id).not.toBe(first.id);
    await revise({ tag: revision.tag });
    const other = await ask(bob, { revision: 2 });
    expect(other.how).toBe('queued');
    await claimNow(await makeWorker(ada));
    await cancel(ada, first.id);
    expect((await read(first.id)).state).toBe('cancelling');
    const again = await ask(bob);
    expect([first.id, forced.id, other.id]).not.toContain(again.id);
  });
});

describe('a cancel of one of several', () => {
  it('only withdraws, and that of the last one cancels', async () => {
    const { id } = await ask(ada);
    await ask(bob);
    expect(await cancel(ada, id)).toEqual({ state: 'withdrawn' });
    expect((await read(id)).state).toBe('queued');
    expect(await askers(id)).toEqual([bob.userId]);
    expect(await cancel(ada, id)).toEqual({ state: 'withdrawn' });
    expect(await cancel(bob, id)).toEqual({ state: 'cancelled' });
  });

  it('leaves exactly one cancelling when all cancel at the same moment', async () => {
    const { id } = await ask(ada);
    await ask(bob);
    const answers = await Promise.all([cancel(ada, id), cancel(bob, id)]);
    expect(answers.map(({ state }) => state).sort()).toEqual([
      'cancelled',
      'withdrawn',
    ]);
  });

  it('never takes away a build that somebody joins at the same moment', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { id } = await ask(ada);
      const [, joined] = await Promise.all([cancel(ada, id), ask(bob)]);
      expect((await read(joined.id)).state).toBe('queued');
      expect(await askers(joined.id)).toContain(bob.userId);
      await cancel(bob, joined.id);
    }
  });

  it('counts again for who asks again', async () => {
    const { id } = await ask(ada);
    await ask(bob);
    await cancel(ada, id);
    await ask(ada);
    expect(await cancel(bob, id)).toEqual({ state: 'withdrawn' });
  });

  it('stops it for all when it comes from somebody who never asked', async () => {
    const { id } = await ask(ada);
    await ask(bob);
    const eve = await makeActor({ teamId: ada.teamId });
    expect(await cancel(eve, id)).toEqual({ state: 'cancelled' });
  });
});

describe('a newer revision', () => {
  it('cancels what waits of an older one, and says by what', async () => {
    const older = await ask(ada);
    await revise();
    const newer = await ask(ada, { revision: 2 });
    expect(await read(older.id)).toMatchObject({
      state: 'cancelled',
      supersededById: newer.id,
      cancelledBy: ada.userId,
    });
  });

  it('leaves what somebody else asked for', async () => {
    const older = await ask(ada);
    await ask(bob);
    await revise();
    await ask(ada, { revision: 2 });
    expect((await read(older.id)).state).toBe('queued');
    await cancel(bob, older.id);
    await ask(ada, { revision: 2 });
    expect((await read(older.id)).state).toBe('cancelled');
  });

  it('leaves what runs, and what a build stands on', async () => {
    const running = await ask(ada);
    await claimNow(await makeWorker(ada));
    const waiting = await ask(ada, { noCache: true });
    const child = await makeSpec(ada, registry);
    const standing = await startBuild(ada, {
      specId: child.spec.id,
      noCache: false,
    });
    await db()
      .update(builds)
      .set({ baseBuildId: waiting.id })
      .where(eq(builds.id, standing.id));
    await revise();
    await ask(ada, { revision: 2 });
    expect((await read(running.id)).state).toBe('claimed');
    expect((await read(waiting.id)).state).toBe('queued');
  });

  it('is not superseded by an older one', async () => {
    await revise();
    const newer = await ask(ada, { revision: 2 });
    await ask(ada, { revision: 1 });
    expect((await read(newer.id)).state).toBe('queued');
  });
});

describe('asking again', () => {
  it('retries what failed, and says of which build', async () => {
    const { id } = await ask(ada);
    await cancel(ada, id);
    const retried = await rebuild(bob, { buildId: id, noCache: false });
    expect(await read(retried.id)).toMatchObject({
      cause: 'retry',
      earlierBuildId: id,
      revisionId: revision.id,
      startedBy: bob.userId,
    });
  });

  it('rebuilds what was published', async () => {
    const { id } = await ask(ada);
    await db()
      .update(builds)
      .set({ state: 'published' })
      .where(eq(builds.id, id));
    const again = await rebuild(ada, { buildId: id, noCache: false });
    expect(await read(again.id)).toMatchObject({
      cause: 'rebuild',
      earlierBuildId: id,
    });
  });
});

it('is published without a worker only as reused', async () => {
  const { id } = await ask(ada);
  const queued = await read(id);
  await expect(
    db().transaction((tx) => moveBuild(tx, queued, 'published')),
  ).rejects.toMatchObject({ code: 'BUILD_NOT_MOVABLE' });
});
