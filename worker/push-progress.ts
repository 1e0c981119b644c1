import type { EngineEvent } from '@/lib/build/engine';

/** Words and bytes of one layer, or of the whole push when `layer` is empty. */
export type PushTick = {
  layer: string;
  status: string;
  current: number;
  total: number;
};

const EVERY_MS = 500;

/** Sums the bytes of all layers into one progress and gives each layer's changes of state as lines of output. */
export class PushProgress {
  readonly #step: string;
  readonly #emit: (event: EngineEvent) => void;
  #layers = new Map<string, { current: number; total: number }>();
  #said = new Map<string, string>();
  #toldAt = -Infinity;

  constructor(step: string, emit: (event: EngineEvent) => void) {
    this.#step = step;
    this.#emit = emit;
  }

  tell(tick: PushTick, at: number): void {
    this.#say(tick, at);
    if (tick.layer === '' || tick.total <= 0) return;
    // Compression makes `current` run past the total an engine gave first.
    const current = Math.min(tick.current, tick.total);
    this.#layers.set(tick.layer, { current, total: tick.total });
    const sum = [...this.#layers.values()].reduce(
      (all, layer) => ({
        current: all.current + layer.current,
        total: all.total + layer.total,
      }),
      { current: 0, total: 0 },
    );
    const isDue = at - this.#toldAt >= EVERY_MS || sum.current === sum.total;
    if (!isDue) return;
    this.#toldAt = at;
    this.#emit({ kind: 'progress', step: this.#step, what: 'layers', ...sum });
  }

  #say({ layer, status }: PushTick, at: number): void {
    // An engine counts a retry's seconds down, one message each; the first is enough.
    const words = status.replace(/^Retrying in .*/, 'Retrying');
    if (this.#said.get(layer) === words || words === 'Pushing') return;
    this.#said.set(layer, words);
    if (words === 'Preparing' || words === 'Waiting') return;
    const line = layer === '' ? words : `${layer}: ${words}`;
    this.#emit({
      kind: 'output',
      step: this.#step,
      stream: 'stdout',
      bytes: Buffer.from(`${line}\n`),
      at,
    });
  }
}
