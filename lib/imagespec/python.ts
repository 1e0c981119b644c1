import { toImageSpec, type FieldFault } from './python-fields';
import {
  entryNode,
  toField,
  toProblem,
  type ImportedField,
  type ImportProblem,
  type SpecEntry,
} from './python-entries';
import { SpecTable } from './python-specs';
import {
  readTask,
  type TaskDecorator,
  type TaskEntry,
  type TaskImage,
} from './python-tasks';
import { Budget } from './python-budget';
import { parsePython, type PythonError } from './python-parse';
import { snippet } from './python-tree';
import {
  EnvironmentReads,
  type Environment,
  type EnvironmentVariable,
} from './python-environment';
import { walkModule, type Module, type ReadModule } from './python-walk';
import type { ImageSpec } from './schema';

export type ImportedSpec = {
  /** The name it is bound to, or null when it stands within another expression. */
  variable: string | null;
  line: number;
  /** The arguments as written, those of `with_…` calls merged in. */
  fields: ImportedField[];
  /** Present when every field is known and valid: then it is the spec that flytekit would build. */
  spec?: ImageSpec;
  problems: ImportProblem[];
};

export type ImportedTask = {
  /** `module.function`, as flytekit names it. */
  name: string;
  line: number;
  decorator: TaskDecorator;
  /** A spec is given by its place in `specs`. */
  image: TaskImage;
};

/** What a Python file says of images and tasks. JSON. */
export type PythonImport = {
  module: string;
  specs: ImportedSpec[];
  tasks: ImportedTask[];
  /** What it reads from the environment, at most 100 variables. */
  variables: EnvironmentVariable[];
  /** Statements that were left out, at most 20, and why a file was not read to its end. */
  errors: PythonError[];
};

const MAX_WORK = 4_000_000;
const MAX_TASKS = 2000;

/**
 * Reads the `ImageSpec`s and tasks out of a Python file, never running it. Literals and constants of the same file
 * resolve as they stand where they are used; everything else is listed as unresolved, with its source and line.
 *
 * Total: whatever the text, it returns within bounded work (`budget`, counted in parser steps and expressions) and does
 * not throw. `fileName` gives the module its name, and `environment` what is known of the variables it reads.
 */
export function readPython(
  source: string,
  fileName: string,
  {
    budget = new Budget(MAX_WORK),
    environment = {},
  }: { budget?: Budget; environment?: Environment } = {},
): PythonImport {
  const name = moduleName(fileName);
  const parsed = parsePython(source, budget);
  if (!parsed.tree) {
    const { errors } = parsed;
    return { module: name, specs: [], tasks: [], variables: [], errors };
  }
  const walked = walkModule(parsed, budget);
  const reads = new EnvironmentReads(environment);
  return readModule(name, { ...walked, environment: reads }, budget);
}

function readModule(
  name: string,
  module: ReadModule,
  budget: Budget,
): PythonImport {
  const table = new SpecTable(module, budget);
  for (const { node, place } of module.calls) table.readCall(node, place);
  const tasks = module.decorated
    .slice(0, MAX_TASKS)
    .flatMap((decorated) => readTask(module, table.evaluator, decorated) ?? []);
  const kept = shownSpecs(module, table.entries, tasks);
  const errors = [...module.source.errors];
  const { lineOf } = module.source;
  if (table.overflow || module.decorated.length > MAX_TASKS) {
    errors.push({
      line: 1,
      message: 'Only the first 200 specs and 2,000 tasks are read.',
    });
  }
  if (budget.spent > budget.limit) {
    errors.push({
      line: 1,
      message:
        'The file takes too much work to read; some of it is listed as unresolved.',
    });
  }
  return {
    module: name,
    specs: kept.map(({ entry }) => toImported(module, entry)),
    tasks: tasks.map((task) => ({
      name: `${name}.${task.name}`,
      line: lineOf(task.node.getChild('FunctionDefinition')?.from ?? 0),
      decorator: task.decorator,
      image: renumber(task.image, kept),
    })),
    variables: module.environment.variables,
    errors,
  };
}

type Kept = { id: number; entry: SpecEntry };

/** The specs in the order of the text, without those that are only the start of a chain. */
function shownSpecs(
  module: Module,
  entries: readonly SpecEntry[],
  tasks: readonly TaskEntry[],
): Kept[] {
  const used = new Set(
    tasks.map(({ image }) => (image.kind === 'spec' ? image.index : -1)),
  );
  const starts = new Set(
    entries.flatMap(({ startOfChain }) => startOfChain ?? []),
  );
  return entries
    .map((entry, id) => ({ id, entry }))
    .filter(
      ({ id, entry }) =>
        used.has(id) ||
        !starts.has(id) ||
        module.scope.boundTo(entry.node) !== undefined,
    )
    .sort((a, b) => a.entry.node.from - b.entry.node.from);
}

function renumber(image: TaskImage, kept: readonly Kept[]): TaskImage {
  if (image.kind !== 'spec') return image;
  const index = kept.findIndex(({ id }) => id === image.index);
  return { kind: 'spec', index };
}

function toImported(module: Module, entry: SpecEntry): ImportedSpec {
  const { source, scope } = module;
  const binding = scope.boundTo(entry.node);
  const { spec, faults } = toImageSpec(entry.fields);
  const problems: ImportProblem[] = [
    ...entry.problems,
    ...faults.map((fault) => toFieldProblem(module, entry, fault)),
  ];
  const change = binding && scope.changeWithin(binding);
  if (change) {
    problems.push({
      line: source.lineOf(change.from),
      field: '',
      message: 'The spec is changed after it was made.',
      source: snippet(source.text, change),
    });
  }
  const isKnown = entry.problems.length === 0 && !change;
  return {
    variable: binding?.name ?? null,
    line: source.lineOf(entry.node.from),
    fields: entry.written.map(toField),
    ...(spec && isKnown ? { spec } : {}),
    problems,
  };
}

/** A fault at the entry it means, or else at its field, or else at the spec. */
function toFieldProblem(
  { source }: Module,
  entry: SpecEntry,
  { field, message, index }: FieldFault,
): ImportProblem {
  const written = entry.written.find(({ name }) => name === field);
  return written
    ? toProblem(
        source,
        field,
        entryNode(written.node, entry.fields[field], index),
        message,
      )
    : { line: source.lineOf(entry.node.from), field, message, source: '' };
}

/** `workflows/train.py` is `workflows.train`; a package's `__init__.py` is the package. */
function moduleName(fileName: string): string {
  const parts = fileName
    .replaceAll('\\', '/')
    .replace(/\.py$/, '')
    .split('/')
    .filter((part) => /^[\p{L}_][\p{L}\p{N}_]*$/u.test(part));
  if (parts.length > 1 && parts.at(-1) === '__init__') parts.pop();
  return parts.join('.') || 'module';
}
