import type { EngineEvent } from '@/lib/build/engine';
import { classifyBuildFailure } from '@/lib/build/failure';
import type { Failure, Job } from '@/lib/build/protocol';
import { StepTracker } from '@/worker/buildkit/steps';
import type { Trace } from '@/worker/buildkit/trace';
import { OutputTails } from '@/worker/output-tails';

/** Follows one build by its progress: tells what happens, and in the end why it failed. */
export class BuildWatch {
  readonly #emit: (event: EngineEvent) => void;
  readonly #tracker = new StepTracker();
  readonly #tails = new OutputTails();

  constructor(emit: (event: EngineEvent) => void) {
    this.#emit = emit;
  }

  see(trace: Trace): void {
    for (const event of this.#tracker.apply(trace)) {
      if (event.kind === 'output') this.#tails.add(event.step, event.bytes);
      this.#emit(event);
    }
  }

  /** Marks every step that runs now: its log is not whole. */
  clip(reason: string): void {
    for (const step of this.#tracker.running()) {
      this.#emit({ kind: 'clipped', step, reason });
    }
  }

  /** Why the build failed; `text` is the engine's last word. */
  failure(text: string, { spec }: Pick<Job, 'spec'>): Failure {
    const step = this.#tracker.culprit(text);
    return classifyBuildFailure({
      text,
      step,
      lastLines: step ? this.#tails.lines(step.key) : [],
      secrets: (spec.pip_secret_mounts ?? []).map(([source]) => source),
    });
  }
}
