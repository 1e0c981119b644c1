import { and, eq } from 'drizzle-orm';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { db } from '@/db';
import { jobs } from '@/db/schema';
import { makeActor, makeRegistry } from '@/db/testing/rows';
import { readImageJob } from '@/lib/jobs/read-image';
import type { Actor } from '@/lib/auth';
import {
  type FakeRegistry,
  startFakeRegistry,
} from '@/lib/registry/testing/fake-registry';
import type { JobRow } from '@/lib/services/jobs';
import { getProject } from '@/lib/services/project-views';
import { createProject, setProjectImage } from '@/lib/services/projects';

let fake: FakeRegistry;
let actor: Actor;
beforeEach(async () => {
  fake = await startFakeRegistry({ tls: false });
  actor = await makeActor();
  await makeRegistry(actor, {
    host: fake.host,
    namespace: 'acme',
    plainHttp: true,
    allowedRanges: ['127.0.0.1/32'],
  });
});
afterEach(() => fake.close());

/** A project whose default image is held by this digest, and the job that setting it asked for. */
async function pinned(digest: string) {
  const { id: projectId } = await createProject(actor, { name: 'held' });
  const image = `${fake.host}/acme/base@${digest}`;
  await setProjectImage(actor, { projectId, image });
  const [job] = await db()
    .select()
    .from(jobs)
    .where(and(eq(jobs.kind, 'read_image'), eq(jobs.teamId, actor.teamId)));
  if (!job) throw new Error('Setting the image asked for nothing.');
  const read = async () => (await getProject(actor, projectId)).image.image;
  return { job: { ...job, attempts: 1 } satisfies JobRow, read };
}

it('reads a default image that is pinned into the inventory', async () => {
  const { digest } = fake.store.seedImage('acme/base', 'v1');
  const { job, read } = await pinned(digest);
  expect(await read()).toBeNull();
  expect(await readImageJob(job)).toEqual({ done: true });
  expect(await read()).toMatchObject({ digest, platform: 'linux/amd64' });
  const asked = fake.requests.length;
  await readImageJob(job);
  expect(fake.requests).toHaveLength(asked);
});

it('leaves what is not there, and asks again where nothing answers', async () => {
  const { job, read } = await pinned(`sha256:${'a'.repeat(64)}`);
  expect(await readImageJob(job)).toEqual({ done: true });
  fake.script({ when: '*', reply: { status: 200, fault: 'reset' } });
  expect(await readImageJob(job)).toMatchObject({ done: false });
  expect(await readImageJob({ ...job, attempts: 5 })).toEqual({ done: true });
  expect(await read()).toBeNull();
});

it('has nothing to do for a repository that is gone', async () => {
  const { job } = await pinned(`sha256:${'a'.repeat(64)}`);
  const payload = { ...job.payload, repositoryId: actor.teamId };
  expect(await readImageJob({ ...job, payload })).toEqual({ done: true });
  expect(fake.requests).toEqual([]);
});
