import { randomUUID } from 'node:crypto';
import type { CheckupOrder } from '@/lib/build/doctor';
import { engineTitle } from '@/lib/build/engine-words';
import type { ClaimAnswer, EngineReport, Job } from '@/lib/build/protocol';
import { untilServed } from '@/worker/backoff';
import { Delivery } from '@/worker/delivery';
import { examine } from '@/worker/doctor/doctor';
import { type RunnerTools, runAttempt } from '@/worker/runner';
import { ServerAway } from '@/worker/server-api';
import { Spool } from '@/worker/spool';
import { pause } from '@/worker/time-limit';

/** A server that does not hold the poll is not asked more often than this. */
const AT_MOST_EVERY_MS = 100;

export type ClaimTools = RunnerTools & {
  version: string;
  /** How often the engine is looked at while the worker waits for work. */
  probeMs: number;
  say: (line: string) => void;
};

/**
 * Delivers what a former process left, then claims until the signal aborts, and runs what it is given, side by side: how
 * many at a time is the server's to say. Running attempts are stopped at the end. Rejects with the server's AppError when
 * it does not want this worker.
 */
export async function work(
  tools: ClaimTools,
  signal: AbortSignal,
): Promise<void> {
  await deliverLeftovers(tools, signal);
  const stopping = new AbortController();
  const stop = () => stopping.abort();
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  const running = new Set<Promise<void>>();
  const refusals: unknown[] = [];
  const begin = (work: Promise<void>) => {
    const begun = work
      .catch((error: unknown) => {
        refusals.push(error);
        stop();
      })
      .finally(() => running.delete(begun));
    running.add(begun);
  };
  try {
    await claimOn(tools, stopping.signal, ({ job, checkup }) => {
      if (job) begin(run(job, tools, stopping.signal));
      if (checkup) begin(lookAfterSelf(checkup, tools, stopping.signal));
    });
  } catch (error) {
    refusals.push(error);
  } finally {
    stop();
    await Promise.all(running);
    signal.removeEventListener('abort', stop);
  }
  const [refusal] = refusals;
  if (refusal instanceof Error) throw refusal;
}

async function claimOn(
  tools: ClaimTools,
  signal: AbortSignal,
  take: (answer: ClaimAnswer) => void,
): Promise<void> {
  const telling = new EngineTeller(tools.say);
  let key = randomUUID();
  while (!signal.aborted) {
    const answer = await claimNext(tools, key, telling, signal);
    if (answer) take(answer);
    if (answer?.job) key = randomUUID();
    else await pause(AT_MOST_EVERY_MS, signal);
  }
}

/** What it finds is for the server's page; a check that cannot be made or told stops nothing. */
async function lookAfterSelf(
  order: CheckupOrder,
  { engine, server, now, onError }: ClaimTools,
  signal: AbortSignal,
): Promise<void> {
  try {
    const findings = await examine(engine, order, now(), signal);
    await server.checkup({ findings }, signal);
  } catch (error) {
    if (!signal.aborted) onError(error);
  }
}

async function run(
  job: Job,
  tools: ClaimTools,
  signal: AbortSignal,
): Promise<void> {
  tools.say(`Build ${job.buildNumber} begins: ${job.imageName}`);
  await runAttempt(job, tools, signal);
  tools.say(`Build ${job.buildNumber} is over.`);
}

/** An attempt whose process is gone ends with the result it had, or abandoned: the engine stopped it with its process. */
async function deliverLeftovers(
  tools: ClaimTools,
  signal: AbortSignal,
): Promise<void> {
  for (const spool of Spool.leftovers(tools.dir)) {
    try {
      await tools.engine.discard(spool.about).catch(tools.onError);
      const delivery = new Delivery(spool, tools.server, tools.backoff);
      await delivery.finish(
        spool.about.result ?? { outcome: 'abandoned' },
        signal,
      );
      spool.remove();
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      spool.close();
    }
  }
}

/** One long poll. Ends early, with `null`, when the engine came or went meanwhile. */
async function claimNext(
  tools: ClaimTools,
  key: string,
  telling: EngineTeller,
  signal: AbortSignal,
): Promise<ClaimAnswer | null> {
  const engine = await tools.engine.probe();
  telling.tell(engine);
  const poll = new AbortController();
  const stop = () => poll.abort();
  signal.addEventListener('abort', stop);
  const watching = watchEngine(tools, engine, poll);
  try {
    return await untilServed(tools.backoff, poll.signal, () =>
      tools.server.claim({ key, version: tools.version, engine }, poll.signal),
    );
  } catch (error) {
    if (poll.signal.aborted && error instanceof ServerAway) return null;
    throw error;
  } finally {
    poll.abort();
    signal.removeEventListener('abort', stop);
    await watching;
  }
}

/** Ends the poll when the engine is not what was reported any more. */
async function watchEngine(
  { engine, probeMs }: ClaimTools,
  reported: EngineReport,
  poll: AbortController,
): Promise<void> {
  while (!poll.signal.aborted) {
    await pause(probeMs, poll.signal);
    if (poll.signal.aborted) return;
    const now = await engine.probe();
    if (JSON.stringify(now) !== JSON.stringify(reported)) poll.abort();
  }
}

/** Says what engine there is, when that changes. */
class EngineTeller {
  readonly #say: (line: string) => void;
  #said = '';

  constructor(say: (line: string) => void) {
    this.#say = say;
  }

  tell(engine: EngineReport): void {
    const line =
      engine.state === 'ready'
        ? `Ready to build with ${engineTitle(engine)}.`
        : `Cannot build: ${engine.reason}`;
    if (line !== this.#said) this.#say(line);
    this.#said = line;
  }
}
