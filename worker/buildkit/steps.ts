import type { EngineEvent, EngineStep } from '@/lib/build/engine';
import { exitCodeOf } from '@/lib/build/failure';
import { CA_EXPORTS } from '@/lib/imagespec/ca-certificates';
import type { Trace } from '@/worker/buildkit/trace';

type Vertex = Trace['vertexes'][number];

/** Progress of one thing is told this often, by the engine's clock. */
const PROGRESS_EVERY_MS = 500;
const MAX_NAME = 2000;
const CLIPPED = /\[output clipped, log limit ([^\]\n]{1,40}) reached\]\s*$/;
const CANCELLED = /context canceled/;

/**
 * Turns BuildKit's progress into steps. A vertex arrives many times, may complete twice and may say `cached` only once,
 * so each is merged with what is known. Pure: every time comes from the messages.
 */
export class StepTracker {
  #steps = new Map<string, EngineStep>();
  #toldProgress = new Map<string, number>();
  #clipped = new Set<string>();
  /** What the engine itself says of a step that failed. */
  #errors = new Map<string, string>();

  /** The events of one message: steps that begin, then output, then steps that end. */
  apply(trace: Trace): EngineEvent[] {
    const changed = trace.vertexes.flatMap((vertex) => this.#merge(vertex));
    const isOver = (step: EngineStep) => step.completedAt !== null;
    const asEvent = (step: EngineStep): EngineEvent => ({ kind: 'step', step });
    return [
      ...changed.filter((step) => !isOver(step)).map(asEvent),
      ...trace.statuses.flatMap((status) => this.#progress(status)),
      ...trace.logs.flatMap((log) => this.#output(log)),
      ...changed.filter(isOver).map(asEvent),
    ];
  }

  /** The step whose error is the build's: `error` is the engine's last word. */
  culprit(error: string): EngineStep | null {
    const failed = [...this.#steps.values()].filter(
      (step) => step.state === 'failed',
    );
    return (
      failed.find(({ key }) =>
        error.includes(this.#errors.get(key) ?? error),
      ) ??
      failed.at(0) ??
      null
    );
  }

  /** The keys of the steps that run now. */
  running(): string[] {
    return [...this.#steps.values()]
      .filter(({ state }) => state === 'running')
      .map(({ key }) => key);
  }

  #merge(vertex: Vertex): EngineStep[] {
    const known = this.#steps.get(vertex.digest);
    const state = stateOf(vertex);
    const exitCode = state === 'failed' ? exitCodeOf(vertex.error) : null;
    if (vertex.error !== '') this.#errors.set(vertex.digest, vertex.error);
    const step: EngineStep = {
      key: vertex.digest,
      parents: vertex.inputs.slice(0, 100),
      ...readName(vertex.name),
      state,
      cached: vertex.cached || (known?.cached ?? false),
      startedAt: known?.startedAt ?? vertex.started,
      completedAt: vertex.completed,
      error: errorOf(vertex, exitCode),
      exitCode,
    };
    // A step that failed stays failed: the engine may name it once more without the error.
    if (known?.state === 'failed' && step.state !== 'failed') return [];
    if (known && JSON.stringify(known) === JSON.stringify(step)) return [];
    this.#steps.set(step.key, step);
    return [step];
  }

  #progress(status: Trace['statuses'][number]): EngineEvent[] {
    // A status without bytes only repeats what the step says.
    if (!this.#steps.has(status.vertex) || status.current <= 0) return [];
    const key = `${status.vertex} ${status.id}`;
    const at = status.timestamp ?? 0;
    const isDue =
      at - (this.#toldProgress.get(key) ?? -Infinity) >= PROGRESS_EVERY_MS;
    if (!isDue && status.completed === null) return [];
    this.#toldProgress.set(key, at);
    return [
      {
        kind: 'progress',
        step: status.vertex,
        what: (status.name || status.id).slice(0, 500),
        // A layer's uncompressed bytes may exceed the total the engine gave first.
        current:
          status.total > 0
            ? Math.min(status.current, status.total)
            : status.current,
        total: Math.max(0, status.total),
      },
    ];
  }

  #output(log: Trace['logs'][number]): EngineEvent[] {
    const unknown = this.#steps.has(log.vertex)
      ? []
      : this.#merge({
          digest: log.vertex,
          inputs: [],
          name: 'output',
          cached: false,
          started: log.timestamp,
          completed: null,
          error: '',
        });
    const events: EngineEvent[] = unknown.map((step) => ({
      kind: 'step',
      step,
    }));
    events.push({
      kind: 'output',
      step: log.vertex,
      stream: log.stream === 2 ? 'stderr' : 'stdout',
      bytes: log.msg,
      at: log.timestamp ?? 0,
    });
    const limit = CLIPPED.exec(
      Buffer.from(log.msg.subarray(-200)).toString('latin1'),
    )?.[1];
    if (limit !== undefined && !this.#clipped.has(log.vertex)) {
      this.#clipped.add(log.vertex);
      events.push({
        kind: 'clipped',
        step: log.vertex,
        reason: `The engine keeps no more than ${limit} of a step's output.`,
      });
    }
    return events;
  }
}

function stateOf(vertex: Vertex): EngineStep['state'] {
  if (vertex.error !== '')
    return CANCELLED.test(vertex.error) ? 'cancelled' : 'failed';
  if (vertex.completed !== null) return 'done';
  return vertex.started === null ? 'queued' : 'running';
}

/** The engine repeats the whole command, with what was added to make it work; the exit code says as much. */
function errorOf({ error }: Vertex, exitCode: number | null): string | null {
  if (exitCode !== null) return `The command ended with exit code ${exitCode}.`;
  return error === '' ? null : error;
}

/** What BuildKit calls a stage that has no name. */
const UNNAMED = /^stage-\d+$/;

/**
 * The stage and the readable name: `[a 2/3] RUN --mount=… make` is `RUN make` of stage `a`. What was added to make the
 * step work is left out; the attempt keeps the exact Dockerfile.
 */
export function readName(raw: string): { stage: string; name: string } {
  const numbered = /^\[(?:(\S+) +)?\d+\/\d+\] (.*)$/s.exec(raw);
  const text = numbered?.[2] ?? raw.replace(/^\[internal\] /, '');
  const name = text
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^(RUN)(?: --(?:mount|network|security)=\S+)+/, '$1')
    .replace(`${CA_EXPORTS} `, '');
  const stage = numbered?.[1] ?? '';
  return {
    stage: UNNAMED.test(stage) ? '' : stage.slice(0, 200),
    name: (name === '' ? raw : name).slice(0, MAX_NAME),
  };
}
