import type { StepSequence } from '@/worker/text-build/step-sequence';
import type { BuildMessage } from '@/worker/text-build/request';

const STEP = /^(?:\[(\d+)\/\d+\] )?STEP (\d+)\/(\d+): ([^\n]+)\n$/;
const RESULT = /^--> [0-9a-f]{11}\n$/;
const CACHED = /^--> Using cache [0-9a-f]{64}\n$/;
const COMMIT = /^(?:\[\d+\/\d+\] )?COMMIT( \S+)?\n$/;

/**
 * Reads the answer of a Podman build. Output of programs comes between the builder's own lines and looks the same, so a
 * line counts as the builder's only where one can be: the next number of its stage, or the first of another, and after a
 * command only once its result was named.
 */
export class PodmanMessages {
  readonly #steps: StepSequence;
  #stage = '';
  #number = 0;
  #total = 0;
  #isCommand = false;

  constructor(steps: StepSequence) {
    this.#steps = steps;
  }

  read({ stream }: BuildMessage): void {
    if (stream === undefined) return;
    if (this.#begin(stream)) return;
    const isLast = this.#number === this.#total;
    if (CACHED.test(stream)) this.#steps.fromCache();
    else if (RESULT.test(stream) || (isLast && COMMIT.test(stream))) {
      this.#isCommand = false;
      this.#steps.done();
    } else this.#steps.print(stream);
  }

  #begin(text: string): boolean {
    const [, stage = '', number, total, instruction = ''] =
      STEP.exec(text) ?? [];
    if (number === undefined || this.#isCommand) return false;
    const isNext =
      stage === this.#stage
        ? Number(number) === this.#number + 1 && this.#matches(total)
        : Number(number) === 1;
    if (!isNext) return false;
    this.#stage = stage;
    this.#number = Number(number);
    this.#total = Number(total);
    this.#isCommand = /^RUN\s/i.test(instruction);
    this.#steps.begin(
      `step-${stage === '' ? '' : `${stage}-`}${number}`,
      instruction,
    );
    return true;
  }

  #matches(total: string | undefined): boolean {
    return this.#number === 0 || Number(total) === this.#total;
  }
}
