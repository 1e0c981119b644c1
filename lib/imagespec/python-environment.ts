import type { PyValue } from './python-value';

/** Name of a variable → its value; `null` says that it is not set, so that what the code falls back on holds. */
export type Environment = Readonly<Record<string, string | null>>;

/** A variable of the environment that a file reads, where it is first read. */
export type EnvironmentVariable = {
  name: string;
  /** What holds without it; null when Python stops without it, or when it is not known here. */
  default: PyValue | null;
  line: number;
};

const MAX_VARIABLES = 100;

/** The variables that a file reads, and what is known of them. Nothing is taken from this process's own. */
export class EnvironmentReads {
  readonly #values: Environment;
  readonly #found = new Map<string, EnvironmentVariable>();

  constructor(values: Environment) {
    this.#values = values;
  }

  /** Notes that a variable is read, and gives its value: undefined while it is not known whether it is set. */
  take(variable: EnvironmentVariable): string | null | undefined {
    const { name } = variable;
    if (!this.#found.has(name) && this.#found.size < MAX_VARIABLES) {
      this.#found.set(name, variable);
    }
    return Object.hasOwn(this.#values, name) ? this.#values[name] : undefined;
  }

  /** In the order of the file. */
  get variables(): EnvironmentVariable[] {
    return [...this.#found.values()].sort((a, b) => a.line - b.line);
  }
}
