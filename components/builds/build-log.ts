import { StepLines } from '@/components/builds/step-lines';
import type { StepView, LineView } from '@/lib/build/views';

/** What a running step says of its progress, by what it works on: a layer, a file. */
export type StepProgress = ReadonlyMap<
  string,
  { current: number; total: number }
>;

type Listener = () => void;
const NO_PROGRESS: StepProgress = new Map();

/**
 * The log of one build as this page knows it: steps, and the lines of each. It lives outside React, takes lines as they
 * come, and tells its listeners at most once a frame.
 *
 * Lines of a stream are exact: each number is taken once and in order, a batch with a gap is refused, and `position`
 * moves only over what was taken. So reconnecting with `position`, or from the beginning, ends in the same log.
 */
export class BuildLog {
  #attempt: number;
  #seq = 0;
  #lastLine = 0;
  #steps = new Map<string, StepView>();
  #sorted: readonly StepView[] | undefined;
  #progress = new Map<string, StepProgress>();
  #lines = new Map<string, StepLines>();
  #version = 0;
  #listeners = new Set<Listener>();
  #isScheduled = false;
  #isLive: boolean;
  readonly #schedule: (flush: () => void) => void;

  constructor({
    attempt,
    steps,
    isLive,
    schedule = (flush) => flush(),
  }: {
    attempt: number;
    steps: readonly StepView[];
    isLive: boolean;
    schedule?: (flush: () => void) => void;
  }) {
    this.#attempt = attempt;
    this.#isLive = isLive;
    this.#schedule = schedule;
    for (const step of steps) this.#steps.set(step.key, step);
  }

  get attempt(): number {
    return this.#attempt;
  }

  /** Where a stream goes on: everything up to here is taken. */
  get position(): string {
    return `${this.#attempt}:${this.#seq}`;
  }

  /** Lines taken from the stream. */
  get lineCount(): number {
    return this.#lastLine;
  }

  /** Goes up with every change; for `useSyncExternalStore`. */
  get version(): number {
    return this.#version;
  }

  /** By position. The same array until a step changes. */
  get steps(): readonly StepView[] {
    this.#sorted ??= [...this.#steps.values()].sort(
      (a, b) => a.position - b.position,
    );
    return this.#sorted;
  }

  progressOf(step: string): StepProgress {
    return this.#progress.get(step) ?? NO_PROGRESS;
  }

  linesOf(step: string): StepLines {
    const known = this.#lines.get(step);
    if (known) return known;
    const made = new StepLines();
    this.#lines.set(step, made);
    return made;
  }

  /** Whether a stream fills it; else the server is asked for what somebody looks at. */
  get isLive(): boolean {
    return this.#isLive;
  }

  /** How many lines of the step can be shown: those that came, and once the log is over all the server has. */
  countOf(step: string): number {
    const arrived = this.#lines.get(step)?.arrived ?? 0;
    if (this.#isLive) return arrived;
    return Math.max(arrived, this.#steps.get(step)?.lines ?? 0);
  }

  /** Another attempt begins, with a log of its own. */
  startAttempt(attempt: number): void {
    if (attempt === this.#attempt) return;
    this.#attempt = attempt;
    this.#seq = 0;
    this.#lastLine = 0;
    this.#steps.clear();
    this.#progress.clear();
    this.#lines.clear();
    this.#sorted = undefined;
    this.changed();
  }

  setSteps(steps: readonly StepView[]): void {
    for (const step of steps) this.#putStep(step);
    this.changed();
  }

  setStep(step: StepView): void {
    this.#putStep(step);
    this.changed();
  }

  #putStep(step: StepView): void {
    this.#steps.set(step.key, step);
    this.#sorted = undefined;
    if (step.state !== 'running') this.#progress.delete(step.key);
  }

  setProgress(data: {
    step: string;
    what: string;
    current: number;
    total: number;
  }): void {
    const { step, what, current, total } = data;
    const before = this.progressOf(step);
    this.#progress.set(step, new Map(before).set(what, { current, total }));
    this.changed();
  }

  /**
   * Takes the lines of one stream event and moves `position` to its `seq`. Lines already here are skipped. Returns
   * false, and takes nothing, when a line before them is missing: connect again from `position`.
   */
  append(lines: readonly LineView[], seq: number): boolean {
    const fresh = lines.filter((line) => line.n > this.#lastLine);
    if (fresh.some((line, index) => line.n !== this.#lastLine + index + 1))
      return false;
    for (const line of fresh) this.linesOf(line.step).append(line);
    this.#lastLine += fresh.length;
    this.#seq = Math.max(this.#seq, seq);
    if (fresh.length > 0) this.changed();
    return true;
  }

  /** The stream is over. */
  finish(steps: readonly StepView[]): void {
    this.#isLive = false;
    this.#progress.clear();
    this.setSteps(steps);
  }

  subscribe = (listener: Listener): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Tells the listeners, soon. Also for those who put pages into `linesOf`. */
  changed(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#schedule(() => {
      this.#isScheduled = false;
      this.#version += 1;
      for (const listener of this.#listeners) listener();
    });
  }
}
