type Sized = { step: string; bytes: number };

/**
 * Keeps the head and the tail of a log. Lines pass while the head has room; after that the newest ones wait, within the
 * tail's room, until `drain`. `dropped` names a step whose first line is now lost for good.
 */
export class LogLimit<Line extends Sized> {
  #headLeft: number;
  readonly #tailBytes: number;
  #tail: Line[] = [];
  #first = 0;
  #held = 0;
  #lossy = new Set<string>();

  constructor(totalBytes: number, maxTailBytes: number) {
    this.#tailBytes = Math.min(Math.floor(totalBytes / 4), maxTailBytes);
    this.#headLeft = totalBytes - this.#tailBytes;
  }

  add(line: Line): { passes: boolean; dropped: string[] } {
    if (this.#headLeft >= line.bytes) {
      this.#headLeft -= line.bytes;
      return { passes: true, dropped: [] };
    }
    // From the first line that does not fit on, nothing passes: the gap is one.
    this.#headLeft = 0;
    this.#tail.push(line);
    this.#held += line.bytes;
    const dropped: string[] = [];
    while (this.#held > this.#tailBytes && this.#first < this.#tail.length) {
      const lost = this.#tail[this.#first];
      this.#first += 1;
      if (!lost) break;
      this.#held -= lost.bytes;
      if (!this.#lossy.has(lost.step)) {
        this.#lossy.add(lost.step);
        dropped.push(lost.step);
      }
    }
    if (this.#first > 1024 && this.#first * 2 > this.#tail.length) {
      this.#tail = this.#tail.slice(this.#first);
      this.#first = 0;
    }
    return { passes: false, dropped };
  }

  /** The lines of the tail, in order. */
  drain(): Line[] {
    const lines = this.#tail.slice(this.#first);
    this.#tail = [];
    this.#first = 0;
    this.#held = 0;
    return lines;
  }
}
