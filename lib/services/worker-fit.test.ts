import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { connectListener, db } from '@/db';
import { registries, workers } from '@/db/schema';
import { makeActor, makeRegistry, makeWorker, READY } from '@/db/testing/rows';
import type { Actor } from '@/lib/auth';
import type { EngineReport } from '@/lib/build/protocol';
import { emptyDefinition } from '@/lib/imagespec/definition';
import { parseImageSpec } from '@/lib/imagespec/schema';
import { storeSecret } from '@/lib/services/build-secrets';
import { getBuild } from '@/lib/services/build-views';
import { notify } from '@/lib/services/notify';
import { createSpec } from '@/lib/services/specs';
import { claimedJob, newClaim } from '@/lib/services/testing/claims';
import { startBuild } from '@/lib/services/testing/starts';
import { pauseWorker, revokeWorker } from '@/lib/services/worker-admin';
import type { WorkerActor } from '@/lib/services/worker-auth';

const ARM = { ...READY, platforms: ['linux/arm64'] };
const BOTH = {
  ...READY,
  platforms: ['linux/amd64', 'linux/arm64'],
  emulated: ['linux/arm64'],
};
const CLASSIC = { ...ARM, kind: 'docker-classic' as const };

let actor: Actor;
let registryId: string;
let emulating: WorkerActor;

beforeEach(async () => {
  actor = await makeActor();
  registryId = (await makeRegistry(actor)).id;
  emulating = await makeWorker(actor, BOTH);
});

/** The build a worker is given when it asks now. */
const take = async (worker: WorkerActor, engine: EngineReport = ARM) =>
  (await claimedJob(worker, newClaim(engine), AbortSignal.abort()))?.buildId;
const emulate = (engine: EngineReport = BOTH) => take(emulating, engine);
const native = (
  values: Partial<typeof workers.$inferInsert> = {},
  engine = ARM,
) => makeWorker(actor, engine, values);

/** Queues a build of a new spec. */
async function queue(fields: object = {}): Promise<string> {
  const name = `spec-${randomUUID().slice(0, 8)}`;
  const { id: specId } = await createSpec(actor, {
    ...emptyDefinition,
    fields: parseImageSpec({ name, platform: 'linux/arm64', ...fields }),
    registryId,
    message: '',
  });
  return (await startBuild(actor, { specId, noCache: true })).id;
}
const reasonOf = async (id: string) =>
  (await getBuild(actor, id)).queue?.reason;

const SECRET = { pip_secret_mounts: [['.netrc', '/root/.netrc']] };

describe('a build for a platform that a worker would emulate', () => {
  it('is left to one that runs it itself, and the next build taken', async () => {
    const one = await native();
    const left = await queue();
    const own = await queue({ platform: 'linux/amd64' });
    expect(await emulate()).toBe(own);
    expect(await emulate()).toBeUndefined();
    expect(await reasonOf(left)).toBe('Starts in a moment');
    expect(await take(one)).toBe(left);
  });

  it('is emulated while every slot of the other is taken', async () => {
    const one = await native({ slots: 1 });
    const [first, second] = [await queue(), await queue()];
    expect(await emulate()).toBeUndefined();
    expect(await take(one)).toBe(first);
    expect(await reasonOf(second)).toBe('Starts in a moment');
    expect(await emulate()).toBe(second);
  });

  it.each<[string, Parameters<typeof native>]>([
    ['silent', [{ lastSeenAt: new Date(Date.now() - 60_000) }]],
    ['never seen', [{ lastSeenAt: null }]],
    ['of another release', [{ refusedProtocol: '1' }]],
    ['reserved', [{ isReserved: true, labels: ['gpu'] }]],
    ['emulating it, too', [{}, BOTH]],
    ['for another platform', [{}, READY]],
  ])('is emulated when the other is %s', async (_, other) => {
    await native(...other);
    const build = await queue();
    expect(await emulate()).toBe(build);
  });

  it.each([
    ['paused', pauseWorker],
    ['revoked', revokeWorker],
  ])('is emulated once the other is %s', async (_, end) => {
    const { workerId } = await native();
    const build = await queue();
    expect(await emulate()).toBeUndefined();
    await end(actor, { workerId });
    expect(await emulate()).toBe(build);
  });

  it('is emulated once the other has lost its engine', async () => {
    const one = await native();
    const build = await queue();
    expect(await emulate()).toBeUndefined();
    await take(one, { state: 'unreachable', reason: 'It is away.' });
    expect(await emulate()).toBe(build);
  });

  it('is emulated when only this worker has its labels', async () => {
    await db()
      .update(registries)
      .set({ workerLabels: ['office'] })
      .where(eq(registries.id, registryId));
    await db()
      .update(workers)
      .set({ labels: ['office'] })
      .where(eq(workers.id, emulating.workerId));
    await native({ labels: ['gpu'] });
    const build = await queue();
    expect(await emulate()).toBe(build);
    await native({ labels: ['gpu', 'office'] });
    await queue();
    expect(await emulate()).toBeUndefined();
  });

  it('is emulated when the other cannot keep its secret', async () => {
    await storeSecret(actor, { name: '.netrc', content: 'machine a' });
    await native({}, CLASSIC);
    const mounting = await queue(SECRET);
    const plain = await queue();
    expect(await emulate()).toBe(mounting);
    expect(await emulate()).toBeUndefined();
    expect(await reasonOf(plain)).toBe('Starts in a moment');
  });

  it('is emulated when the other is of another team', async () => {
    await makeWorker(await makeActor(), ARM);
    const build = await queue();
    expect(await emulate()).toBe(build);
  });

  it.each([
    ['linux/arm64', ['linux/arm64/v8']],
    ['linux/arm/v7', ['linux/arm64', 'linux/arm/v7']],
  ])('is left, for %s, to an engine of %j', async (platform, platforms) => {
    const one = await native();
    const arm = { ...ARM, platforms };
    expect(await take(one, arm)).toBeUndefined();
    const build = await queue({ platform });
    const all = ['linux/amd64', 'linux/arm64', 'linux/arm/v7'];
    expect(await emulate({ ...READY, platforms: all })).toBeUndefined();
    expect(await take(one, arm)).toBe(build);
  });
});

it('wakes whoever left builds to a worker when that has no slot any more', async () => {
  const one = await native({ slots: 2 });
  for (let n = 0; n < 2; n += 1) await queue();
  const said: (string | undefined)[] = [];
  const client = await connectListener();
  try {
    await client.query('listen imageyard');
    const isSaid = new Promise<void>((resolve) => {
      client.on('notification', ({ payload }) => {
        said.push(payload);
        if (payload === 'build:end') resolve();
      });
    });
    await take(one);
    await notify(db(), 'build:between');
    await take(one);
    await notify(db(), 'build:end');
    await isSaid;
  } finally {
    await client.end();
  }
  const woken = said.indexOf(`queue:${actor.teamId}`);
  expect(woken).toBeGreaterThan(said.indexOf('build:between'));
});
