import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { db } from '@/db';
import { builds } from '@/db/schema';
import {
  makeActor,
  makeRegistry,
  makeSpec,
  makeWorker,
} from '@/db/testing/rows';
import type { Actor } from '@/lib/auth';
import type { ImagePackages } from '@/lib/build/packages';
import type { Job } from '@/lib/build/protocol';
import { appendEvents } from '@/lib/services/build-events';
import {
  getBuildPackages,
  getImagePackages,
} from '@/lib/services/build-packages';
import { getBuild } from '@/lib/services/build-views';
import { claimNow } from '@/lib/services/testing/claims';
import { startBuild } from '@/lib/services/testing/starts';
import type { WorkerActor } from '@/lib/services/worker-auth';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const found = (version: string): ImagePackages => ({
  version: 1,
  groups: [
    {
      kind: 'python',
      place: '/opt/lib/python3.11/site-packages',
      packages: [['requests', version]],
    },
  ],
  missing: null,
});

let actor: Actor;
let worker: WorkerActor;
let specId: string;

beforeEach(async () => {
  actor = await makeActor();
  worker = await makeWorker(actor);
  const { spec } = await makeSpec(actor, await makeRegistry(actor));
  specId = spec.id;
});

async function build(version: string): Promise<Job> {
  await startBuild(actor, { specId, noCache: true });
  const job = await claimNow(worker);
  if (!job) throw new Error('nothing to do');
  const event = { kind: 'packages', at: 1, found: found(version) };
  const { buildId, attempt } = job;
  await appendEvents(worker, { buildId, attempt }, 1, JSON.stringify(event));
  return job;
}

const publish = (id: string, isReused = false) =>
  db()
    .update(builds)
    .set({ state: 'published', digest: DIGEST, isReused })
    .where(eq(builds.id, id));

describe('the packages of a build', () => {
  it('are shown once it is published, and on its digest', async () => {
    const { buildId } = await build('2.32.3');
    expect(await getBuildPackages(actor, buildId)).toBeNull();
    await publish(buildId);
    const { number, repository } = await getBuild(actor, buildId);
    const view = {
      build: { id: buildId, number },
      groups: found('2.32.3').groups,
      missing: null,
    };
    expect(await getBuildPackages(actor, buildId)).toEqual(view);
    const image = { repositoryId: repository.id, digest: DIGEST };
    expect(await getImagePackages(actor, image)).toEqual(view);
  });

  it('are those of the build that made the image, when it was taken as it is', async () => {
    const { buildId } = await build('1');
    await publish(buildId);
    const later = await startBuild(actor, { specId, noCache: true });
    await publish(later.id, true);
    expect(await getBuildPackages(actor, later.id)).toMatchObject({
      build: { id: buildId },
    });
  });

  it('are of its team alone', async () => {
    const { buildId } = await build('1');
    await publish(buildId);
    const { repository } = await getBuild(actor, buildId);
    const other = await makeActor();
    const image = { repositoryId: repository.id, digest: DIGEST };
    expect(await getImagePackages(other, image)).toBeNull();
    await expect(getBuildPackages(other, buildId)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});

it('keeps with the attempt what it was made with', async () => {
  const { buildId } = await build('1');
  const { attempts } = await getBuild(actor, buildId);
  expect(attempts[0]?.madeWith).toMatchObject({
    worker: '0.1.0',
    engine: { kind: 'docker' },
  });
});
