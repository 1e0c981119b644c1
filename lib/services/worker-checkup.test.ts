import { beforeEach, expect, it } from 'vitest';
import {
  makeActor,
  makeRegistry,
  makeSpec,
  makeWorker,
} from '@/db/testing/rows';
import type { Actor } from '@/lib/auth';
import { archiveRegistry } from '@/lib/services/registries';
import {
  askCheckup,
  orderCheckup,
  storeCheckup,
} from '@/lib/services/worker-checkup';
import { claimNow } from '@/lib/services/testing/claims';
import { startBuild } from '@/lib/services/testing/starts';
import type { WorkerActor } from '@/lib/services/worker-auth';
import { listWorkers } from '@/lib/services/workers';

let actor: Actor;
let worker: WorkerActor;
beforeEach(async () => {
  actor = await makeActor();
  worker = await makeWorker(actor, undefined, { checkedAt: null });
});

const seen = async () => (await listWorkers(actor)).workers[0];
const FINDING = {
  check: 'disk',
  state: 'warn',
  code: 'low',
  subject: '',
  facts: { freeBytes: 1 },
} as const;

it('is ordered once of a new worker, with each registry of the team that is not archived', async () => {
  await makeRegistry(actor, { host: 'b.example.com' });
  await makeRegistry(actor, { host: 'b.example.com', namespace: 'other' });
  await makeRegistry(actor, { host: 'a.example.com:5000', plainHttp: true });
  const gone = await makeRegistry(actor, { host: 'c.example.com' });
  await archiveRegistry(actor, { registryId: gone.id });
  await makeRegistry(await makeActor(), { host: 'd.example.com' });
  const order = await orderCheckup(worker);
  expect(order?.registries).toEqual([
    { host: 'a.example.com:5000', plainHttp: true },
    { host: 'b.example.com', plainHttp: false },
  ]);
  expect(await orderCheckup(worker)).toBeNull();
  expect((await seen())?.isLooking).toBe(true);
});

it('is kept as it was found, and not due again for a while', async () => {
  await orderCheckup(worker);
  await storeCheckup(worker, { findings: [FINDING] });
  expect(await seen()).toMatchObject({
    findings: [FINDING],
    isLooking: false,
    checkedAt: expect.any(String) as string,
  });
  expect(await orderCheckup(worker)).toBeNull();
});

it('is made whenever somebody of the team asks, and for nobody else', async () => {
  const { workerId } = worker;
  await orderCheckup(worker);
  await storeCheckup(worker, { findings: [] });
  await askCheckup(actor, { workerId });
  expect((await seen())?.isLooking).toBe(true);
  expect(await orderCheckup(worker)).not.toBeNull();
  await expect(
    askCheckup(await makeActor(), { workerId }),
  ).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

it('lets it take builds for a platform that it emulates, and says so', async () => {
  const registry = await makeRegistry(actor);
  const { spec } = await makeSpec(actor, registry, { platform: 'linux/arm64' });
  const { id } = await startBuild(actor, { specId: spec.id, noCache: false });
  expect(await claimNow(worker)).toBeNull();
  const emulates = {
    check: 'platform',
    state: 'good',
    code: 'emulated',
    subject: 'linux/arm64',
    facts: {},
  } as const;
  await storeCheckup(worker, { findings: [emulates] });
  expect((await claimNow(worker))?.buildId).toBe(id);
  expect((await seen())?.engine).toMatchObject({
    platforms: ['linux/amd64', 'linux/arm64'],
    emulated: ['linux/arm64'],
  });
});
