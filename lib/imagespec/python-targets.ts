import type { SyntaxNode } from '@lezer/common';
import {
  isDeferred,
  type Binding,
  type ModuleScope,
  type Place,
} from './python-scope';
import type { PythonSource } from './python-parse';

/** Where the bindings of a statement go. */
export type BindingContext = {
  source: PythonSource;
  scope: ModuleScope;
  place: Place;
};

export type Bound =
  | { kind: 'value' | 'added'; value: SyntaxNode }
  | { kind: 'import'; qualified: string }
  | { kind: 'opaque'; reason: string };

/** Binds a name, each name of a tuple, or notes that the object behind `name.x` or `name[0]` changes. */
export function bindTarget(
  context: BindingContext,
  target: SyntaxNode,
  bound: Bound,
  from = target.to,
): void {
  if (target.name === 'VariableName') {
    bindName(context, target, bound, from);
    return;
  }
  if (target.name === 'MemberExpression') {
    const root = rootName(target);
    if (root) {
      const change = changeAt(context, target);
      context.scope.addChange(textOf(context, root), change);
    }
    return;
  }
  // Whatever else can stand here holds names; none of their values is known.
  const reason = 'It is unpacked from another value.';
  const cursor = target.cursor();
  while (cursor.next() && cursor.from < target.to) {
    if (cursor.name === 'VariableName') {
      bindName(context, cursor.node, { kind: 'opaque', reason }, from);
    }
  }
}

function bindName(
  context: BindingContext,
  target: SyntaxNode,
  bound: Bound,
  from: number,
): void {
  const { place, scope } = context;
  const name = textOf(context, target);
  if (place.scope.kind === 'module') {
    const binding: Binding = { ...place, ...bound, name, from };
    scope.add(binding);
  } else if (place.scope.globals.has(name)) {
    scope.addChange(name, { ...changeAt(context, target), rebinds: true });
  } else {
    place.scope.locals.add(name);
  }
}

/** The change a statement makes to the object behind a name. */
export function changeAt({ place }: BindingContext, node: SyntaxNode) {
  return { at: node.from, node, deferred: isDeferred(place.scope) };
}

/** The name at the start of `name.a[0].b`, when it is one. */
export function rootName(node: SyntaxNode): SyntaxNode | null {
  let at: SyntaxNode | null = node;
  for (let depth = 0; at && depth < 50; depth += 1) {
    if (at.name === 'VariableName') return at;
    if (at.name !== 'MemberExpression' && at.name !== 'CallExpression') {
      return null;
    }
    at = at.firstChild;
  }
  return null;
}

/** The text of a node. */
export function textOf(
  { source }: BindingContext,
  { from, to }: SyntaxNode,
): string {
  return source.text.slice(from, to);
}
