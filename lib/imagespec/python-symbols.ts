import type { SyntaxNode } from '@lezer/common';
import type { Place } from './python-scope';
import { childrenOf } from './python-tree';
import type { Module } from './python-walk';

/** What a name of flytekit (or of `functools`, `dataclasses`) does for images and tasks. */
export type Role =
  | 'spec'
  | 'task'
  | 'dynamic'
  | 'eager'
  | 'environment'
  | 'copy_mode'
  | 'partial'
  | 'replace';

const ROOTS = ['flytekit', 'union'];
const ROLES: ReadonlyMap<string, Role> = new Map([
  ['ImageSpec', 'spec'],
  ['task', 'task'],
  ['dynamic', 'dynamic'],
  ['eager', 'eager'],
  ['Environment', 'environment'],
  ['ActorEnvironment', 'environment'],
  ['CopyFileDetection', 'copy_mode'],
]);
const MAX_DEPTH = 20;

/** The role of a dotted name, such as `union.actor.ActorEnvironment`. */
export function roleOf(qualified: string): Role | undefined {
  if (qualified === 'functools.partial') return 'partial';
  if (qualified === 'dataclasses.replace') return 'replace';
  const dot = qualified.lastIndexOf('.');
  return isFlytekit(qualified)
    ? ROLES.get(qualified.slice(dot + 1))
    : undefined;
}

export function isFlytekit(qualified: string): boolean {
  return ROOTS.some((root) => qualified.startsWith(`${root}.`));
}

/**
 * The dotted names an expression may stand for, imports and `X = flytekit.ImageSpec` followed. Empty when it is no name,
 * or when one of the alternatives is none.
 *
 * A name that nothing in the file binds stands for flytekit's, so that a part of a file can be read too.
 */
export function symbolsOf(
  module: Module,
  node: SyntaxNode,
  place: Place,
  depth = 0,
): string[] {
  if (depth > MAX_DEPTH) return [];
  const text = ({ from, to }: SyntaxNode) => module.source.text.slice(from, to);
  if (node.name === 'MemberExpression') {
    const [object, dot, property] = childrenOf(node);
    if (!object || dot?.name !== '.' || !property) return [];
    return symbolsOf(module, object, place, depth + 1).map(
      (name) => `${name}.${text(property)}`,
    );
  }
  if (node.name !== 'VariableName') return [];
  return namedSymbols(module, text(node), node.from, place, depth);
}

/** `symbolsOf` for a name at an offset. */
export function namedSymbols(
  module: Module,
  name: string,
  at: number,
  place: Place,
  depth = 0,
): string[] {
  const lookup = module.scope.find(name, at, place);
  if (lookup.kind === 'unbound') return unboundSymbols(module, name);
  if (lookup.kind !== 'bound') return [];
  const symbols: string[] = [];
  for (const binding of lookup.bindings) {
    const found =
      binding.kind === 'import'
        ? [binding.qualified]
        : binding.kind === 'value'
          ? symbolsOf(module, binding.value, binding, depth + 1)
          : [];
    if (found.length === 0) return [];
    symbols.push(...found);
    if (symbols.length > MAX_DEPTH) return [];
  }
  return symbols;
}

function unboundSymbols({ scope }: Module, name: string): string[] {
  const isOurs = scope.stars.every((origin) => isFlytekit(`${origin}.`));
  return ROLES.has(name) && isOurs ? [`flytekit.${name}`] : [name];
}

/** The role on which all alternatives agree. */
export function commonRole(symbols: readonly string[]): Role | undefined {
  const [first, ...rest] = symbols.map(roleOf);
  return rest.every((role) => role === first) ? first : undefined;
}
