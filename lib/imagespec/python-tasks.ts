import type { SyntaxNode } from '@lezer/common';
import { readArguments, type Argument } from './python-arguments';
import type { Evaluator } from './python-eval';
import { unresolved, type Reading } from './python-reading';
import type { Place, Scope } from './python-scope';
import { commonRole, namedSymbols, symbolsOf } from './python-symbols';
import { childrenOf, snippet } from './python-tree';
import type { Decorated, Module } from './python-walk';

export type TaskDecorator = 'task' | 'dynamic' | 'eager';

/** What a task says of its image. `spec` is the number of the spec in the order of reading. */
export type TaskImage =
  | { kind: 'spec'; index: number }
  /** A reference or a template such as `{{.image.default}}`, as written. */
  | { kind: 'reference'; text: string }
  /** None is named: the image of the project's configuration. */
  | { kind: 'default' }
  | { kind: 'unresolved'; source: string; message: string };

export type TaskEntry = {
  node: SyntaxNode;
  /** `function`, or `Class.function` and `outer.inner` for what flytekit would not register. */
  name: string;
  decorator: TaskDecorator;
  image: TaskImage;
};

/** A decorator that makes a task: the arguments it is given, then those of the preset behind it. */
type TaskMaker = { decorator: TaskDecorator; calls: PresetCall[] };
type PresetCall = { args: Argument[]; place: Place };

const MAX_NAME = 500;
const MAX_REFERENCE = 1024;
const DECORATORS: readonly TaskDecorator[] = ['task', 'dynamic', 'eager'];
/** Where one of these is imported, an unknown `….task` is more likely a Flyte task than anything else. */
const FLYTE_MODULES = ['flytekit', 'union', 'flyte', 'flytekitplugins'];

/** Reads one decorated function; undefined when no decorator makes it a task. */
export function readTask(
  module: Module,
  evaluator: Evaluator,
  { node, place }: Decorated,
): TaskEntry | undefined {
  const definition = node.getChild('FunctionDefinition');
  const nameNode = definition?.getChild('VariableName');
  if (!nameNode) return undefined;
  const name = [...namesOf(place.scope), textOf(module, nameNode)]
    .join('.')
    .slice(0, MAX_NAME);
  for (const decorator of node.getChildren('Decorator')) {
    const maker = readDecorator(module, decorator, place);
    if (maker === 'unrelated') continue;
    const image: TaskImage =
      maker === 'unknown'
        ? {
            kind: 'unresolved',
            source: snippet(module.source.text, decorator).trim(),
            message:
              'The decorator comes from elsewhere, and with it the image.',
          }
        : readImage(module, evaluator, maker.calls);
    const kind = maker === 'unknown' ? 'task' : maker.decorator;
    return { node, name, decorator: kind, image };
  }
  return undefined;
}

function namesOf(scope: Scope): string[] {
  const names: string[] = [];
  for (let at: Scope | null = scope; at; at = at.parent) {
    if (at.name !== null) names.unshift(at.name);
  }
  return names;
}

function readDecorator(
  module: Module,
  decorator: SyntaxNode,
  place: Place,
): TaskMaker | 'unknown' | 'unrelated' {
  const children = childrenOf(decorator);
  const list = children.find(({ name }) => name === 'ArgList');
  const args = list ? readArguments(list, module.source.text) : [];
  const [first, ...rest] = children
    .filter(({ name }) => name === 'VariableName')
    .map((node) => textOf(module, node));
  if (first === undefined) return 'unrelated';
  const at = decorator.from;
  const symbols = namedSymbols(module, first, at, place).map((name) =>
    [name, ...rest].join('.'),
  );
  const own = asDecorator(commonRole(symbols));
  if (own) return { decorator: own, calls: [{ args, place }] };
  const preset = readPreset(module, first, at, place);
  const method = rest.length === 0 ? 'task' : asDecorator(rest[0]);
  if (preset && method && rest.length <= 1) {
    const kind = preset.decorator ?? method;
    return { decorator: kind, calls: [{ args, place }, preset] };
  }
  return looksLikeTask(module, first, rest, symbols) ? 'unknown' : 'unrelated';
}

/** `@actor.task` with an actor of another file, say; but not `@prefect.task` below `import prefect`. */
function looksLikeTask(
  { scope }: Module,
  first: string,
  rest: readonly string[],
  symbols: readonly string[],
): boolean {
  if (!FLYTE_MODULES.some((name) => scope.imported.has(name))) return false;
  const last = rest.at(-1) ?? symbols[0]?.split('.').at(-1);
  const isModule = rest.length > 0 && symbols[0] === [first, ...rest].join('.');
  return asDecorator(last) !== undefined && !isModule;
}

/** `Environment(container_image=…)` of flytekit or union, and `functools.partial(task, …)`. */
function readPreset(
  module: Module,
  name: string,
  at: number,
  place: Place,
): (PresetCall & { decorator?: TaskDecorator }) | undefined {
  const lookup = module.scope.find(name, at, place);
  const [binding, ...others] = lookup.kind === 'bound' ? lookup.bindings : [];
  if (binding?.kind !== 'value' || others.length > 0) return undefined;
  const [callee, list] = childrenOf(binding.value);
  if (binding.value.name !== 'CallExpression' || !callee || !list) {
    return undefined;
  }
  const role = commonRole(symbolsOf(module, callee, binding));
  const args = readArguments(list, module.source.text);
  if (role === 'environment') return { args, place: binding };
  const [made, ...preset] = args;
  if (role !== 'partial' || made?.kind !== 'positional') return undefined;
  const symbols = symbolsOf(module, made.value, binding);
  const decorator = asDecorator(commonRole(symbols));
  return decorator ? { args: preset, place: binding, decorator } : undefined;
}

function asDecorator(name: string | undefined): TaskDecorator | undefined {
  return DECORATORS.find((decorator) => decorator === name);
}

/** The image of the first call that names one. */
function readImage(
  module: Module,
  evaluator: Evaluator,
  calls: readonly PresetCall[],
): TaskImage {
  for (const { args, place } of calls) {
    for (const argument of args) {
      const reading = imageArgument(evaluator, argument, place);
      if (reading) return toImage(module, reading, argument.value);
    }
  }
  return { kind: 'default' };
}

/** The value of `container_image`, also from `**preset`; undefined when the argument does not set it. */
function imageArgument(
  evaluator: Evaluator,
  argument: Argument,
  place: Place,
): Reading | undefined {
  if (argument.kind === 'keyword') {
    return argument.name === 'container_image'
      ? evaluator.read(argument.value, place)
      : undefined;
  }
  if (argument.kind !== 'double_star') return undefined;
  const reading = evaluator.read(argument.value, place);
  if (reading.kind !== 'value') return reading;
  if (reading.value.type !== 'dict') return unresolved();
  const entry = reading.value.entries.find(
    ([key]) => key.type === 'str' && key.value === 'container_image',
  );
  return entry ? { kind: 'value', value: entry[1] } : undefined;
}

function toImage(
  { source }: Module,
  reading: Reading,
  node: SyntaxNode,
): TaskImage {
  if (reading.kind === 'spec') return { kind: 'spec', index: reading.id };
  const isNone = reading.kind === 'value' && reading.value.type === 'none';
  if (isNone) return { kind: 'default' };
  if (reading.kind === 'value' && reading.value.type === 'str') {
    const text = reading.value.value;
    if (text.length <= MAX_REFERENCE) {
      return text === '' ? { kind: 'default' } : { kind: 'reference', text };
    }
  }
  const message =
    reading.kind === 'unresolved'
      ? reading.reason
      : 'container_image takes an image reference or an ImageSpec.';
  return { kind: 'unresolved', source: snippet(source.text, node), message };
}

function textOf({ source }: Module, { from, to }: SyntaxNode): string {
  return source.text.slice(from, to);
}
