import { createHash, randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { db } from '@/db';
import { imageSpecs, specRevisions } from '@/db/schema';
import {
  makeActor,
  makeRegistry,
  makeSpec,
  makeWorker,
} from '@/db/testing/rows';
import type { Actor } from '@/lib/auth';
import type { WorkerEvent } from '@/lib/build/protocol';
import { claimNow } from '@/lib/services/testing/claims';
import { getDefinition } from '@/lib/services/build-definition';
import { appendEvents } from '@/lib/services/build-events';
import { getBuild } from '@/lib/services/build-views';
import { finishAttempt } from '@/lib/services/build-work';
import { startBuild } from '@/lib/services/testing/starts';

let actor: Actor;
let specId: string;

beforeEach(async () => {
  actor = await makeActor();
  const { spec } = await makeSpec(actor, await makeRegistry(actor));
  specId = spec.id;
});

const start = () => startBuild(actor, { specId, noCache: false });

/** The next revision, with these apt packages. */
async function revise(packages: string[]): Promise<void> {
  const [first] = await db()
    .select()
    .from(specRevisions)
    .where(eq(specRevisions.specId, specId));
  if (!first) throw new Error('There is no revision.');
  const { id: _, ...rest } = first;
  const fields = { ...(first.fields as object), apt_packages: packages };
  await db()
    .insert(specRevisions)
    .values({
      ...rest,
      number: 2,
      fields: fields as typeof first.fields,
      tag: randomUUID(),
    });
  await db()
    .update(imageSpecs)
    .set({ currentRevision: 2 })
    .where(eq(imageSpecs.id, specId));
}

describe('getDefinition', () => {
  it('of the first build has none before it', async () => {
    const { id } = await start();
    expect(await getDefinition(actor, id)).toMatchObject({
      revision: { number: 1 },
      previous: null,
    });
  });

  it('gives the revision of that build beside that of the build before', async () => {
    const first = await start();
    await revise(['git']);
    const second = await start();
    expect(await getDefinition(actor, second.id)).toMatchObject({
      revision: { number: 2, fields: { apt_packages: ['git'] } },
      previous: {
        build: { id: first.id, number: first.number },
        revision: { number: 1 },
      },
    });
    expect((await getDefinition(actor, first.id)).revision.number).toBe(1);
  });

  it("of another team's build is not found", async () => {
    const { id } = await start();
    await expect(getDefinition(await makeActor(), id)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});

it('a failed build knows the field and entry it failed by, in the revision it was made from', async () => {
  const worker = await makeWorker(actor);
  await revise(['git', 'libfoo-dev']);
  await start();
  const job = await claimNow(worker);
  if (!job) throw new Error('Nothing was claimed.');
  const events: WorkerEvent[] = [
    { kind: 'state', at: 1, state: 'building' },
    {
      kind: 'step',
      at: 1,
      key: 's',
      position: 0,
      parents: [],
      stage: '',
      name: 'RUN apt-get update && apt-get install -y --no-install-recommends git libfoo-dev',
      state: 'failed',
      cached: false,
      startedAt: 1,
      completedAt: 2,
      error: null,
      exitCode: 100,
    },
  ];
  const texts = events.map((event) => JSON.stringify(event));
  await appendEvents(worker, job, 1, texts.join('\n'));
  await finishAttempt(worker, job, {
    lastSeq: events.length,
    checksum: createHash('sha256')
      .update(texts.map((text) => `${text}\n`).join(''))
      .digest('hex'),
    result: {
      outcome: 'failed',
      failure: {
        code: 'BUILD_APT_NOT_FOUND',
        message: 'The base has no apt package libfoo-dev.',
        step: 's',
        exitCode: 100,
      },
    },
  });
  expect((await getBuild(actor, job.buildId)).failureSource).toEqual({
    field: 'apt_packages',
    entry: { text: 'libfoo-dev', line: 2 },
  });
});
