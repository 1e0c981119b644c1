const LAST_LINES_BYTES = 16 * 1024;

/** The last output of each step, for the reason of a failure. */
export class OutputTails {
  #tails = new Map<string, Buffer>();

  add(step: string, bytes: Uint8Array): void {
    const whole = Buffer.concat([
      this.#tails.get(step) ?? Buffer.alloc(0),
      bytes,
    ]);
    this.#tails.set(step, whole.subarray(-LAST_LINES_BYTES));
  }

  lines(step: string): string[] {
    return (this.#tails.get(step)?.toString('utf8') ?? '').split(/\r?\n/);
  }
}
