/** Aborts when nothing was heard for a while, or when the outer signal does. */
export class IdleWatch {
  readonly #controller = new AbortController();
  readonly #outer: AbortSignal;
  readonly #idleMs: number;
  #timer: NodeJS.Timeout;
  isExpired = false;
  readonly #onOuter = () => this.#controller.abort();

  constructor(idleMs: number, outer: AbortSignal) {
    this.#idleMs = idleMs;
    this.#outer = outer;
    this.#timer = this.#start();
    if (outer.aborted) this.#onOuter();
    outer.addEventListener('abort', this.#onOuter);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  touch(): void {
    clearTimeout(this.#timer);
    this.#timer = this.#start();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#outer.removeEventListener('abort', this.#onOuter);
  }

  #start(): NodeJS.Timeout {
    return setTimeout(() => {
      this.isExpired = true;
      this.#controller.abort();
    }, this.#idleMs);
  }
}
