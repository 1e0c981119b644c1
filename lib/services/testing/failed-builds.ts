import { eq } from 'drizzle-orm';
import { db } from '@/db';
import { builds } from '@/db/schema';
import { makeRegistry, makeSpec, makeWorker } from '@/db/testing/rows';
import type { Actor } from '@/lib/auth';
import type { WorkerEvent } from '@/lib/build/protocol';
import type { BuildState } from '@/lib/build/state';
import { appendEvents } from '@/lib/services/build-events';
import { claimNow } from '@/lib/services/testing/claims';
import { startBuild } from '@/lib/services/testing/starts';
import type { WorkerActor } from '@/lib/services/worker-auth';

const DAY_MS = 86_400_000;

export type BuildPlace = {
  actor: Actor;
  worker: WorkerActor;
  registry: Awaited<ReturnType<typeof makeRegistry>>;
};

/** What a team of its own needs to build. */
export async function makeBuildPlace(actor: Actor): Promise<BuildPlace> {
  return {
    actor,
    worker: await makeWorker(actor),
    registry: await makeRegistry(actor),
  };
}

const step = (
  key: string,
  position: number,
  state: 'done' | 'failed',
): WorkerEvent => ({
  kind: 'step',
  at: 1,
  key,
  position,
  parents: position === 0 ? [] : ['good'],
  stage: '',
  name: `RUN ${key}`,
  state,
  cached: false,
  startedAt: 1,
  completedAt: 2,
  error: state === 'failed' ? 'process ended with 1' : null,
  exitCode: state === 'failed' ? 1 : null,
});

/** Line `n` of such a build: `good` printed the odd ones, `bad` the even ones. */
export const lineOf = (n: number): WorkerEvent => ({
  kind: 'line',
  at: n,
  step: n % 2 === 1 ? 'good' : 'bad',
  stream: n % 3 === 0 ? 'stderr' : 'stdout',
  text: `line ${n} \0 ${'x'.repeat(n % 200)}`,
});

/** A build whose two steps took turns to print, and whose second failed; `daysAgo` it ended. */
export async function makeFailedBuild(
  { actor, worker, registry }: BuildPlace,
  {
    state = 'failed',
    daysAgo = 0,
    lines = 120,
    more = [],
  }: {
    state?: BuildState;
    daysAgo?: number;
    lines?: number;
    /** Events that come after the lines. */
    more?: WorkerEvent[];
  } = {},
): Promise<{ buildId: string; specId: string }> {
  const { spec } = await makeSpec(actor, registry);
  await startBuild(actor, { specId: spec.id, noCache: false });
  const job = await claimNow(worker);
  if (!job) throw new Error('Nothing was claimed.');
  const events: WorkerEvent[] = [
    { kind: 'dockerfile', at: 1, text: 'FROM scratch\n' },
    { kind: 'state', at: 1, state: 'building' },
    step('good', 0, 'done'),
    step('bad', 1, 'failed'),
    ...Array.from({ length: lines }, (_, index) => lineOf(index + 1)),
    ...more,
  ];
  for (let from = 0; from < events.length; from += 5_000) {
    const texts = events
      .slice(from, from + 5_000)
      .map((event) => JSON.stringify(event));
    await appendEvents(worker, job, from + 1, texts.join('\n'));
  }
  const isOver = state !== 'building';
  await db()
    .update(builds)
    .set({
      state,
      finishedAt: isOver ? new Date(Date.now() - daysAgo * DAY_MS) : null,
      failureCode: isOver ? 'BUILD_COMMAND_FAILED' : null,
      failureMessage: isOver ? 'A command failed.' : null,
      failureStep: isOver ? 'bad' : null,
    })
    .where(eq(builds.id, job.buildId));
  return { buildId: job.buildId, specId: spec.id };
}
