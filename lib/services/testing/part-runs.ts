import { createHash } from 'node:crypto';
import { asc, eq } from 'drizzle-orm';
import { db } from '@/db';
import { makeSpec, makeWorker, READY } from '@/db/testing/rows';
import type { Finish } from '@/lib/build/protocol';
import { builds, type JobKind, registries } from '@/db/schema';
import { runJob } from '@/lib/jobs/loop';
import { appendEvents } from '@/lib/services/build-events';
import { getBuild } from '@/lib/services/build-views';
import { finishAttempt } from '@/lib/services/build-work';
import { takeJob } from '@/lib/services/jobs';
import { claimedJob, newClaim } from '@/lib/services/testing/claims';
import { makeRegistryFixture } from '@/lib/services/testing/registry-fixture';
import { startBuild } from '@/lib/services/testing/starts';
import type { WorkerActor } from '@/lib/services/worker-auth';

/** What a worker of one platform holds of a build. */
export type Run = { buildId: string; attempt: number };

/** The part for a platform, claimed by a worker that builds for it and no other; `null` when there is none to take. */
export async function claimFor(
  worker: WorkerActor,
  platform: string,
): Promise<Run | null> {
  const claim = newClaim({ ...READY, platforms: [platform] });
  const job = await claimedJob(worker, claim, AbortSignal.abort());
  return job && { buildId: job.buildId, attempt: job.attempt };
}

/** Tells the states a worker passes, from event `from` on. */
export async function tellStates(
  worker: WorkerActor,
  run: Run,
  states: readonly ('building' | 'pushing')[],
  from = 1,
): Promise<void> {
  await appendEvents(worker, run, from, textsOf(states).join('\n'));
}

/** Ends a run that told `states`. */
export async function finishRun(
  worker: WorkerActor,
  run: Run,
  states: readonly ('building' | 'pushing')[],
  result: Finish['result'],
): Promise<void> {
  const told = textsOf(states)
    .map((text) => `${text}\n`)
    .join('');
  const checksum = createHash('sha256').update(told).digest('hex');
  await finishAttempt(worker, run, {
    lastSeq: states.length,
    checksum,
    result,
  });
}

const textsOf = (states: readonly string[]) =>
  states.map((state) => JSON.stringify({ kind: 'state', at: 1, state }));

/** Runs what is due of these kinds, and what comes of it, until nothing is. */
export async function settle(
  kinds: readonly JobKind[] = ['verify_build', 'follow_parts', 'push_index'],
): Promise<void> {
  for (let job = await takeJob(kinds); job; job = await takeJob(kinds))
    await runJob(job);
}

const PUSHED = ['building', 'pushing'] as const;

/** A team with a registry in memory, a spec for two platforms, and a worker that takes its parts. */
export async function makePartsFixture() {
  const fixture = await makeRegistryFixture();
  const { actor, fake } = fixture;
  const specFor = async (platform: string) => {
    const [registry] = await db()
      .select()
      .from(registries)
      .where(eq(registries.id, fixture.registryId));
    if (!registry) throw new Error('There is no such registry.');
    return makeSpec(actor, registry, { tag: 'v1', platform });
  };
  const spec = await specFor('linux/amd64,linux/arm64');
  const worker = await makeWorker(actor);
  const path = spec.revision.imageName.slice(fake.host.length + 1);
  return {
    ...fixture,
    spec,
    specFor,
    worker,
    path,
    start: (of = spec) =>
      startBuild(actor, { specId: of.spec.id, noCache: false }),
    read: (buildId: string) => getBuild(actor, buildId),
    partsOf: (buildId: string) =>
      db()
        .select()
        .from(builds)
        .where(eq(builds.partOfId, buildId))
        .orderBy(asc(builds.id)),
    take: async (platform: string): Promise<Run> => {
      const run = await claimFor(worker, platform);
      if (!run) throw new Error(`There is nothing for ${platform}.`);
      return run;
    },
    /** Builds and pushes what was taken: its image is in the registry then. */
    push: async (run: Run, platform: string, at = path): Promise<string> => {
      const layers = [`${platform} ${at}`];
      const { digest } = fake.store.seedImage(at, null, { platform, layers });
      await tellStates(worker, run, PUSHED);
      await finishRun(worker, run, PUSHED, {
        outcome: 'pushed',
        digest,
        platform,
        readBack: true,
      });
      return digest;
    },
  };
}

export type PartsFixture = Awaited<ReturnType<typeof makePartsFixture>>;
