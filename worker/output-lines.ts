import { type LogLine, LineSplitter, capLine } from '@/lib/build/log-lines';
import type { LineRedactor, Redactor } from '@/lib/build/redact';

/** A progress bar shows its frames, and a line that waits for the rest of a secret comes, after this much silence. */
const QUIET_FRAMES_MS = 1_000;
const QUIET_HELD_MS = 5_000;

export type OutputLine = {
  step: string;
  stream: 'stdout' | 'stderr';
  at: number;
  text: string;
  cut: boolean;
};

type Stream = {
  step: string;
  stream: 'stdout' | 'stderr';
  splitter: LineSplitter;
  redactor: LineRedactor;
  /** Of the last bytes, by the engine's clock and by ours. */
  at: number;
  heardAt: number;
};

/** The output of all steps as redacted, capped lines, in order within each stream. */
export class OutputLines {
  readonly #redactor: Redactor;
  #streams = new Map<string, Stream>();

  constructor(redactor: Redactor) {
    this.#redactor = redactor;
  }

  push(
    from: { step: string; stream: 'stdout' | 'stderr'; at: number },
    bytes: Uint8Array,
    now: number,
  ): OutputLine[] {
    const stream = this.#stream(from.step, from.stream);
    stream.at = from.at;
    stream.heardAt = now;
    return finish(stream, stream.splitter.push(bytes));
  }

  /** What streams that fell silent still hold back. Call it every second or so. */
  flushQuiet(now: number): OutputLine[] {
    return [...this.#streams.values()].flatMap((stream) => {
      const quietMs = now - stream.heardAt;
      if (quietMs < QUIET_FRAMES_MS) return [];
      const lines = finish(stream, stream.splitter.flushFrames());
      if (quietMs < QUIET_HELD_MS) return lines;
      return [...lines, ...asOutput(stream, stream.redactor.end())];
    });
  }

  /** The last, unfinished lines of a step that is over. */
  end(step: string): OutputLine[] {
    return [...this.#streams.values()]
      .filter((stream) => stream.step === step)
      .flatMap((stream) => [
        ...finish(stream, stream.splitter.end()),
        ...asOutput(stream, stream.redactor.end()),
      ]);
  }

  #stream(step: string, stream: 'stdout' | 'stderr'): Stream {
    const key = `${stream} ${step}`;
    const known = this.#streams.get(key) ?? {
      step,
      stream,
      splitter: new LineSplitter(),
      redactor: this.#redactor.lines(),
      at: 0,
      heardAt: 0,
    };
    this.#streams.set(key, known);
    return known;
  }
}

function finish(stream: Stream, lines: LogLine[]): OutputLine[] {
  return asOutput(
    stream,
    lines.flatMap((line) => stream.redactor.push(line)),
  );
}

function asOutput(
  { step, stream, at }: Stream,
  lines: LogLine[],
): OutputLine[] {
  return lines.map(({ text, cut }) => ({
    step,
    stream,
    at,
    text: capLine(text),
    cut,
  }));
}
