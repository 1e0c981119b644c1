import type { SyntaxNode } from '@lezer/common';
import { readArguments, type Argument } from './python-arguments';
import { readDictArguments } from './python-collections';
import { clip } from './field-rules';
import { resolved, unresolved, type Reading } from './python-reading';
import { pyRepr } from './python-repr';
import type { Place } from './python-scope';
import { commonRole, symbolsOf } from './python-symbols';
import { childrenOf } from './python-tree';
import { pyNone, pyStr, type PyValue } from './python-value';
import type { ReadModule } from './python-walk';
import { SOURCE_COPY_MODES } from './schema';
import { copyMode } from './tag';

type Read = (node: SyntaxNode) => Reading;

/**
 * What is known of a call or a member without running anything: `dict(…)`, a member of `CopyFileDetection`, and which
 * variable of the environment is read, with its value where that is given. Undefined for every other one.
 */
export function readKnown(
  module: ReadModule,
  node: SyntaxNode,
  place: Place,
  read: Read,
): Reading | undefined {
  const [first, second, third] = childrenOf(node);
  if (!first || !second) return undefined;
  const symbols = symbolsOf(module, first, place);
  const [symbol] = symbols;
  const hole = (name: Reading, fallback: Reading | null) =>
    readVariable(module, node, name, fallback);
  const text = ({ from, to }: SyntaxNode) => module.source.text.slice(from, to);
  if (node.name === 'CallExpression' && second.name === 'ArgList') {
    if (symbols.length !== 1) return undefined;
    if (symbol === 'dict') {
      return readDictArguments(second, module.source.text, read);
    }
    return symbol === 'os.getenv' || symbol === 'os.environ.get'
      ? readLookup(readArguments(second, module.source.text), read, hole)
      : undefined;
  }
  if (!third) return undefined;
  if (second.name === '[') {
    return symbol === 'os.environ' ? hole(read(third), null) : undefined;
  }
  if (commonRole(symbols) !== 'copy_mode') return undefined;
  const member = SOURCE_COPY_MODES.find((mode) => mode === text(third));
  return member
    ? resolved(copyMode(member))
    : unresolved('CopyFileDetection has LOADED_MODULES, ALL and NO_COPY.');
}

/** `os.getenv(name, default=None)`; `os.environ.get` takes the same. */
function readLookup(
  args: readonly Argument[],
  read: Read,
  hole: (name: Reading, fallback: Reading | null) => Reading,
): Reading {
  const positional = args.filter(({ kind }) => kind === 'positional');
  const named = (...names: string[]) =>
    args.find(
      (argument) =>
        argument.kind === 'keyword' && names.includes(argument.name),
    );
  const name = positional[0] ?? named('key');
  const fallback = positional[1] ?? named('default');
  if (!name) return unresolved(ENVIRONMENT);
  const reading = fallback ? read(fallback.value) : resolved(pyNone);
  return hole(read(name.value), reading);
}

const ENVIRONMENT = 'It is read from the environment when the code runs.';

function readVariable(
  { environment, source }: ReadModule,
  node: SyntaxNode,
  name: Reading,
  fallback: Reading | null,
): Reading {
  if (name.kind !== 'value' || name.value.type !== 'str') {
    return unresolved(ENVIRONMENT);
  }
  const known = fallback?.kind === 'value' ? fallback.value : null;
  const given = environment.take({
    name: name.value.value,
    default: known,
    line: source.lineOf(node.from),
  });
  if (typeof given === 'string') return resolved(pyStr(given));
  if (given === null && fallback) return fallback;
  const shown = fallback ? describe(known) : 'no default';
  return unresolved(
    `It is the variable \`${clip(name.value.value)}\` of the environment when the code runs (${shown}).`,
    { name: name.value.value, default: known },
  );
}

function describe(known: PyValue | null): string {
  return known
    ? `default: ${clip(pyRepr(known))}`
    : 'its default is not known here';
}
