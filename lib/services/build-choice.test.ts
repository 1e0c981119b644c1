import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { db } from '@/db';
import { imageSpecs, registries, type workers } from '@/db/schema';
import {
  makeActor,
  makeRegistry,
  makeSpec,
  makeWorker,
} from '@/db/testing/rows';
import type { Actor } from '@/lib/auth';
import { getBuild } from '@/lib/services/build-views';
import { startBuild } from '@/lib/services/testing/starts';
import { claimNow } from '@/lib/services/testing/claims';
import { pauseWorker, resumeWorker } from '@/lib/services/worker-admin';

let actor: Actor;
let registry: Awaited<ReturnType<typeof makeRegistry>>;
let specId: string;

beforeEach(async () => {
  actor = await makeActor();
  registry = await makeRegistry(actor);
  ({
    spec: { id: specId },
  } = await makeSpec(actor, registry));
});

const start = (by: Actor = actor) =>
  startBuild(by, { specId, noCache: true }).then(({ id }) => id);
const queueOf = async (id: string) => (await getBuild(actor, id)).queue;
const worker = (values: Partial<typeof workers.$inferInsert> = {}) =>
  makeWorker(actor, undefined, values);

describe('the build a worker takes next', () => {
  it('is none once every slot is taken', async () => {
    const one = await worker({ slots: 2 });
    const [first, second, third] = [
      await start(),
      await start(),
      await start(),
    ];
    expect((await claimNow(one))?.buildId).toBe(first);
    expect((await claimNow(one))?.buildId).toBe(second);
    expect(await claimNow(one)).toBeNull();
    expect(await queueOf(third)).toEqual({
      position: 1,
      reason: '2 of 2 slots are busy',
      canStart: true,
    });
  });

  it('is one of the person who has the fewest running', async () => {
    const other = await makeActor({ teamId: actor.teamId });
    const one = await worker();
    const mine = [await start(), await start(), await start()];
    const theirs = [await start(other), await start(other)];
    const order = [];
    for (let n = 0; n < 5; n += 1) order.push((await claimNow(one))?.buildId);
    expect(order).toEqual([mine[0], theirs[0], mine[1], theirs[1], mine[2]]);
  });

  it('stands where its position says', async () => {
    const other = await makeActor({ teamId: actor.teamId });
    const mine = [await start(), await start(), await start()];
    const theirs = [await start(other)];
    const positions = await Promise.all(
      [...mine, ...theirs].map(async (id) => (await queueOf(id))?.position),
    );
    expect(positions).toEqual([1, 3, 4, 2]);
  });

  it('needs all labels of the spec and of the registry', async () => {
    await db()
      .update(imageSpecs)
      .set({ workerLabels: ['gpu'] })
      .where(eq(imageSpecs.id, specId));
    await db()
      .update(registries)
      .set({ workerLabels: ['office', 'gpu'] })
      .where(eq(registries.id, registry.id));
    const build = await start();
    const bare = await worker();
    expect((await queueOf(build))?.reason).toBe(
      'No worker for linux/amd64 has the labels gpu, office.',
    );
    const half = await worker({ labels: ['gpu'] });
    expect(await claimNow(bare)).toBeNull();
    expect(await claimNow(half)).toBeNull();
    const whole = await worker({ labels: ['arm', 'gpu', 'office'] });
    expect((await queueOf(build))?.reason).toBe('Starts in a moment');
    expect((await claimNow(whole))?.buildId).toBe(build);
  });

  it('is left for others by a reserved worker, unless it asks for a label', async () => {
    const reserved = await worker({ labels: ['gpu'], isReserved: true });
    const plain = await start();
    expect(await claimNow(reserved)).toBeNull();
    expect((await queueOf(plain))?.reason).toMatch(/reserved/);
    await db()
      .update(imageSpecs)
      .set({ workerLabels: ['gpu'] })
      .where(eq(imageSpecs.id, specId));
    const asking = await start();
    expect((await claimNow(reserved))?.buildId).toBe(asking);
  });

  it('waits while its registry has as many builds as it takes', async () => {
    await db()
      .update(registries)
      .set({ maxBuilds: 1 })
      .where(eq(registries.id, registry.id));
    const elsewhere = await makeSpec(
      actor,
      await makeRegistry(actor, { host: 'other.example.com' }),
    );
    const one = await worker();
    const first = await start();
    const second = await start();
    const other = await startBuild(actor, {
      specId: elsewhere.spec.id,
      noCache: true,
    });
    expect((await claimNow(one))?.buildId).toBe(first);
    expect((await claimNow(one))?.buildId).toBe(other.id);
    expect(await claimNow(one)).toBeNull();
    expect(await queueOf(second)).toEqual({
      position: 1,
      reason: `${registry.name} takes 1 build at a time, and one runs`,
      canStart: true,
    });
  });

  it('is none while the worker is paused, and one again afterwards', async () => {
    const one = await worker();
    const { workerId } = one;
    const build = await start();
    await pauseWorker(actor, { workerId });
    expect(await claimNow(one)).toBeNull();
    expect(await queueOf(build)).toEqual({
      position: 1,
      reason: `Every worker is paused: ${one.name}.`,
      canStart: false,
    });
    await resumeWorker(actor, { workerId });
    expect((await claimNow(one))?.buildId).toBe(build);
  });

  it('is counted right by many workers at once', async () => {
    await db()
      .update(registries)
      .set({ maxBuilds: 3 })
      .where(eq(registries.id, registry.id));
    for (let n = 0; n < 6; n += 1) await start();
    const all = await Promise.all(Array.from({ length: 6 }, () => worker()));
    const taken = await Promise.all(all.map(claimNow));
    expect(taken.filter((job) => job !== null)).toHaveLength(3);
  });
});
