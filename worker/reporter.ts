import type { EngineEvent, EngineStep } from '@/lib/build/engine';
import { type ImagePackages, mapPackageTexts } from '@/lib/build/packages';
import type { Failure, WorkerEvent } from '@/lib/build/protocol';
import type { Redactor } from '@/lib/build/redact';
import { LogLimit } from '@/worker/log-limit';
import { OutputLines, type OutputLine } from '@/worker/output-lines';

/** The newest lines kept in memory while the middle of an overlong log is dropped. */
const MAX_TAIL_BYTES = 1024 * 1024;
const MAX_TEXT = 8192;

type Waiting = OutputLine & { bytes: number };

/**
 * Turns what an engine says into the events the server stores: steps get their place, output becomes redacted lines
 * within the attempt's limit, and nothing leaves that still holds a secret.
 */
export class Reporter {
  readonly #append: (event: WorkerEvent) => void;
  readonly #redactor: Redactor;
  readonly #now: () => number;
  readonly #output: OutputLines;
  readonly #limit: LogLimit<Waiting>;
  readonly #logBytes: number;
  #steps = new Map<string, { position: number; step: EngineStep }>();
  /** When the engine last said anything, by this worker's clock. */
  lastHeardAt: number;

  constructor(options: {
    append: (event: WorkerEvent) => void;
    redactor: Redactor;
    logBytes: number;
    now: () => number;
  }) {
    this.#append = options.append;
    this.#redactor = options.redactor;
    this.#now = options.now;
    this.#output = new OutputLines(options.redactor);
    this.#limit = new LogLimit(options.logBytes, MAX_TAIL_BYTES);
    this.#logBytes = options.logBytes;
    this.lastHeardAt = options.now();
  }

  /** Hides these secrets as well, in everything that is reported from here on. */
  conceal(secrets: Iterable<string>): void {
    this.#redactor.add(secrets);
  }

  dockerfile(text: string): void {
    this.#append({
      kind: 'dockerfile',
      at: this.#now(),
      text: this.#redactor.text(text),
    });
  }

  state(state: 'building' | 'pushing'): void {
    this.#append({ kind: 'state', at: this.#now(), state });
  }

  /** What ended up inside the image. */
  packages(found: ImagePackages): void {
    this.#append({
      kind: 'packages',
      at: this.#now(),
      found: mapPackageTexts(found, (raw) => this.#redactor.text(raw)),
    });
  }

  /** Takes one event of the engine. */
  engine(event: EngineEvent): void {
    this.lastHeardAt = this.#now();
    switch (event.kind) {
      case 'step':
        return this.#step(event.step);
      case 'output':
        this.#expect(event.step);
        return this.#lines(
          this.#output.push(event, event.bytes, this.lastHeardAt),
        );
      case 'clipped':
        this.#expect(event.step);
        return this.#clipped(event.step, 'engine', event.reason);
      case 'progress':
        this.#expect(event.step);
        this.#append({
          ...event,
          at: this.lastHeardAt,
          what: this.#redactor.text(event.what).slice(0, 500),
        });
    }
  }

  /** Gives out what silent streams hold back; call it every second or so. */
  tick(): void {
    this.#lines(this.#output.flushQuiet(this.#now()));
  }

  /** Ends the attempt's report: open lines, the tail of the log, and steps that will never end by themselves. */
  end(): void {
    for (const { step } of this.#steps.values()) {
      this.#lines(this.#output.end(step.key));
    }
    for (const line of this.#limit.drain()) this.#line(line);
    for (const { step } of [...this.#steps.values()]) {
      if (step.state !== 'running' && step.state !== 'queued') continue;
      this.#step({ ...step, state: 'cancelled', completedAt: this.#now() });
    }
  }

  /** The step that runs now, the newest when several do. */
  runningStep(): string | null {
    const running = [...this.#steps.values()].filter(
      ({ step }) => step.state === 'running',
    );
    return running.at(-1)?.step.key ?? null;
  }

  /** The same failure without secrets, within the lengths the server takes. */
  failure(failure: Failure): Failure {
    return {
      ...failure,
      message: this.#redactor.text(failure.message).slice(0, 2000),
    };
  }

  /** A step that printed before it was named still gets its place. */
  #expect(key: string): void {
    if (this.#steps.has(key)) return;
    this.#step({
      key,
      parents: [],
      stage: '',
      name: 'output',
      state: 'running',
      cached: false,
      startedAt: null,
      completedAt: null,
      error: null,
      exitCode: null,
    });
  }

  #step(step: EngineStep): void {
    const known = this.#steps.get(step.key);
    const position = known?.position ?? this.#steps.size;
    const isOver = step.state !== 'running' && step.state !== 'queued';
    // A step's last words come before its end.
    if (isOver) this.#lines(this.#output.end(step.key));
    this.#steps.set(step.key, { position, step });
    // NUL can not be stored as text.
    const text = (raw: string) =>
      this.#redactor.text(raw).replaceAll('\0', '\uFFFD').slice(0, MAX_TEXT);
    this.#append({
      ...step,
      kind: 'step',
      at: this.#now(),
      position,
      name: text(step.name),
      stage: text(step.stage).slice(0, 200),
      error: step.error === null ? null : text(step.error),
    });
  }

  #lines(lines: OutputLine[]): void {
    for (const line of lines) {
      const waiting = { ...line, bytes: Buffer.byteLength(line.text) + 1 };
      const { passes, dropped } = this.#limit.add(waiting);
      if (passes) this.#line(waiting);
      for (const step of dropped) {
        const reason = `The log is longer than ${this.#logBytes} bytes; its beginning and its end are kept.`;
        this.#clipped(step, 'limit', reason);
      }
    }
  }

  #line({ step, stream, at, text, cut }: OutputLine): void {
    this.#append({
      kind: 'line',
      at: at > 0 ? at : this.#now(),
      step,
      stream,
      text,
      ...(cut ? { cut: true } : {}),
    });
  }

  #clipped(step: string, by: 'engine' | 'limit', reason: string): void {
    this.#append({
      kind: 'clipped',
      at: this.#now(),
      step,
      by,
      reason: reason.slice(0, 500),
    });
  }
}
