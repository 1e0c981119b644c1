import type { StepSequence } from '@/worker/text-build/step-sequence';
import type { BuildMessage } from '@/worker/text-build/request';

const STEP = /^Step (\d+)\/(\d+) : ([^\n]+)$/;
const RUNNING = /^ ---> Running in ([0-9a-f]{12})\n$/;
const RESULT = /^ ---> [0-9a-f]{12}\n$/;
const STDERR = /^\x1b\[91m([^]*)\x1b\[0m$/;

/**
 * Reads the answer of Docker's classic builder. What a step is stands in text between the output of programs, so a line
 * counts as the builder's only where one can be: a step's number must follow, nothing of the kind is looked for while a
 * container runs, and only the line with that container's id ends it.
 */
export class ClassicMessages {
  readonly #steps: StepSequence;
  #number = 0;
  #total: string | null = null;
  #container: string | null = null;
  #isOpen = false;

  constructor(steps: StepSequence) {
    this.#steps = steps;
  }

  read({ stream, status, id }: BuildMessage): void {
    if (status !== undefined) this.#pull(status, id);
    if (stream === undefined) return;
    if (this.#container !== null) this.#ofContainer(stream, this.#container);
    else this.#ofBuilder(stream);
  }

  #ofContainer(text: string, id: string): void {
    const isOver =
      text === `Removing intermediate container ${id}\n` ||
      text === ` ---> Removed intermediate container ${id}\n`;
    if (isOver) {
      this.#container = null;
      return;
    }
    const red = STDERR.exec(text)?.[1];
    if (red === undefined) this.#steps.print(text);
    else this.#steps.print(red, 'stderr');
  }

  #ofBuilder(text: string): void {
    const [, number, total = '', instruction = ''] = STEP.exec(text) ?? [];
    const isNext =
      !this.#isOpen &&
      Number(number) === this.#number + 1 &&
      total === (this.#total ?? total);
    if (isNext) {
      this.#number += 1;
      this.#total = total;
      this.#isOpen = true;
      this.#steps.begin(`step-${number}`, instruction);
      return;
    }
    const container = RUNNING.exec(text)?.[1];
    if (container !== undefined) this.#container = container;
    else if (text === ' ---> Using cache\n') this.#steps.fromCache();
    else if (RESULT.test(text)) {
      this.#isOpen = false;
      this.#steps.done();
    } else if (this.#isOpen && text.trim() !== '') this.#steps.print(text);
  }

  /** What is pulled is told once; its bytes, layer by layer, are not. */
  #pull(status: string, id: string | undefined): void {
    const isLine = /^(?:Pulling from|Digest:|Status:|Pull complete)/.test(
      status,
    );
    if (isLine) this.#steps.print(`${id ? `${id}: ` : ''}${status}\n`);
  }
}
