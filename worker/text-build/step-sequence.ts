import type { EngineEvent, EngineStep } from '@/lib/build/engine';
import { classifyBuildFailure, exitCodeOf } from '@/lib/build/failure';
import type { Failure, Job } from '@/lib/build/protocol';
import { readName } from '@/worker/buildkit/steps';
import { OutputTails } from '@/worker/output-tails';

/**
 * The steps of a builder that runs one after another and says so in text. It gives no times, so they are taken here by
 * `now`.
 */
export class StepSequence {
  readonly #emit: (event: EngineEvent) => void;
  readonly #now: () => number;
  readonly #tails = new OutputTails();
  #step: EngineStep | null = null;
  #stage = '';

  constructor(emit: (event: EngineEvent) => void, now: () => number) {
    this.#emit = emit;
    this.#now = now;
  }

  /** Begins the next step; the one before it is over. */
  begin(key: string, instruction: string): void {
    this.done();
    const from = /^FROM\s/i.test(instruction);
    const stage = /\sAS\s+(\S+)\s*$/i.exec(instruction)?.[1];
    if (from) this.#stage = stage?.slice(0, 200) ?? '';
    this.#change({
      key,
      parents: this.#step && !from ? [this.#step.key] : [],
      stage: this.#stage,
      name: readName(instruction).name,
      state: 'running',
      cached: false,
      startedAt: this.#now(),
      completedAt: null,
      error: null,
      exitCode: null,
    });
  }

  print(text: string, stream: 'stdout' | 'stderr' = 'stdout'): void {
    if (!this.#step || text === '') return;
    const bytes = Buffer.from(text);
    const step = this.#step.key;
    this.#tails.add(step, bytes);
    this.#emit({ kind: 'output', step, stream, bytes, at: this.#now() });
  }

  fromCache(): void {
    if (this.#step) this.#change({ ...this.#step, cached: true });
  }

  /** The running step is over and well. */
  done(): void {
    if (this.#step?.state !== 'running') return;
    this.#change({ ...this.#step, state: 'done', completedAt: this.#now() });
  }

  /** The build ended at the running step. `text` is the engine's last word. */
  failed(
    text: string,
    exitCode: number | null,
    { spec }: Pick<Job, 'spec'>,
  ): Failure {
    const code = exitCode ?? exitCodeOf(text);
    const step = this.#step?.state === 'running' ? this.#step : null;
    if (step)
      this.#change({
        ...step,
        state: 'failed',
        completedAt: this.#now(),
        error:
          code === null ? text : `The command ended with exit code ${code}.`,
        exitCode: code,
      });
    return classifyBuildFailure({
      text,
      step: this.#step?.state === 'failed' ? this.#step : null,
      lastLines: step ? this.#tails.lines(step.key) : [],
      secrets: (spec.pip_secret_mounts ?? []).map(([source]) => source),
    });
  }

  #change(step: EngineStep): void {
    this.#step = step;
    this.#emit({ kind: 'step', step });
  }
}
