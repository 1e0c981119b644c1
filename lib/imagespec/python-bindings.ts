import type { SyntaxNode } from '@lezer/common';
import {
  bindTarget,
  changeAt,
  textOf,
  type BindingContext,
  type Bound,
} from './python-targets';
import { childrenOf, splitAt } from './python-tree';

const BINDERS = new Set([
  'ImportStatement',
  'ForStatement',
  'WithStatement',
  'TryStatement',
  'DeleteStatement',
  'ScopeStatement',
  'FunctionDefinition',
  'ClassDefinition',
  'NamedExpression',
  'CapturePattern',
  'AsPattern',
  'AssignStatement',
  'UpdateStatement',
]);

/** Whether a node of this name binds names or changes objects. */
export function bindsNames(nodeName: string): boolean {
  return BINDERS.has(nodeName);
}

/** Notes what a statement (or `:=`, or a pattern) binds and what it changes. */
export function noteBindings(context: BindingContext, node: SyntaxNode): void {
  const opaque = (target: SyntaxNode | undefined, reason: string) => {
    if (target) bindTarget(context, target, { kind: 'opaque', reason });
  };
  const children = childrenOf(node);
  switch (node.name) {
    case 'AssignStatement':
      return bindAssignment(context, node, children);
    case 'UpdateStatement':
      return bindUpdate(context, node, children);
    case 'ImportStatement':
      return bindImports(context, children);
    case 'ScopeStatement':
      return noteScope(context, children);
    case 'ForStatement':
      for (const target of between(children, 'for', 'in')) {
        opaque(target, 'It changes with each turn of a loop.');
      }
      return;
    case 'DeleteStatement':
      for (const target of children.slice(1)) {
        if (target.name !== ',') opaque(target, 'It is deleted.');
      }
      return;
    case 'FunctionDefinition':
    case 'ClassDefinition':
      opaque(
        children.find(({ name }) => name === 'VariableName'),
        'It is a function or a class.',
      );
      return;
    case 'NamedExpression':
      bindWalrus(context, children[0]);
      return;
    case 'CapturePattern':
      opaque(children[0], 'It is bound by a match.');
      return;
    default:
      children.forEach((child, index) => {
        if (child.name === 'as') {
          opaque(children[index + 1], 'It is known only when the code runs.');
        }
      });
  }
}

function bindAssignment(
  context: BindingContext,
  node: SyntaxNode,
  children: readonly SyntaxNode[],
): void {
  const parts = splitAt(
    children.filter(({ name }) => name !== 'TypeDef'),
    'AssignOp',
  );
  const values = parts.at(-1) ?? [];
  const targets = parts.slice(0, -1);
  const names: string[] = [];
  for (const target of targets) {
    bindParts(context, node, target, values);
    const [only] = target;
    if (only && target.length === 1 && only.name === 'VariableName') {
      names.push(textOf(context, only));
    }
  }
  const [value] = values;
  if (value?.name === 'VariableName' && values.length === 1) {
    names.push(textOf(context, value));
  }
  names.slice(1).forEach((name, index) => {
    context.scope.addAlias(names[index] ?? name, name);
  });
}

/** Binds one side of an assignment; `a, b = 1, 2` pairwise, anything that unpacks a value opaquely. */
function bindParts(
  context: BindingContext,
  node: SyntaxNode,
  target: readonly SyntaxNode[],
  values: readonly SyntaxNode[],
): void {
  const lefts = elementsOf(target);
  const [left] = target;
  const [value] = values;
  if (!lefts) {
    if (!left || !value) return;
    const bound: Bound =
      values.length === 1
        ? { kind: 'value', value }
        : { kind: 'opaque', reason: 'It is a tuple.' };
    bindTarget(context, left, bound, node.to);
    return;
  }
  const rights = elementsOf(values);
  const isPairwise =
    lefts.isPlain &&
    rights?.isPlain === true &&
    lefts.nodes.length === rights.nodes.length;
  lefts.nodes.forEach((part, index) => {
    const right = isPairwise ? rights.nodes[index] : undefined;
    const bound: Bound = right
      ? { kind: 'value', value: right }
      : { kind: 'opaque', reason: 'It is unpacked from another value.' };
    bindTarget(context, part, bound, node.to);
  });
}

type Elements = { nodes: SyntaxNode[]; isPlain: boolean };

/** The elements of `a, b`, `(a, b)` or `[a, b]`, not plain with a star among them; undefined for a single value. */
function elementsOf(nodes: readonly SyntaxNode[]): Elements | undefined {
  const [only] = nodes;
  const isBracketed =
    nodes.length === 1 &&
    (only?.name === 'TupleExpression' || only?.name === 'ArrayExpression');
  if (nodes.length <= 1 && !isBracketed) return undefined;
  const inner =
    isBracketed && only ? childrenOf(only).slice(1, -1) : [...nodes];
  const parts = splitAt(inner, ',');
  return {
    nodes: parts.flatMap((part) => part.filter(({ name }) => name !== '*')),
    isPlain: parts.every((part) => part.length === 1),
  };
}

function bindUpdate(
  context: BindingContext,
  node: SyntaxNode,
  children: readonly SyntaxNode[],
): void {
  const [target, operator, value] = children;
  if (!target) return;
  const isSum =
    operator && textOf(context, operator) === '+=' && children.length === 3;
  const bound: Bound =
    isSum && value
      ? { kind: 'added', value }
      : { kind: 'opaque', reason: 'It is computed when the code runs.' };
  bindTarget(context, target, bound, node.to);
  // `+=` on a list changes the list itself, under every name it has.
  if (target.name === 'VariableName') {
    context.scope.addChange(textOf(context, target), changeAt(context, node));
  }
}

function bindWalrus(
  context: BindingContext,
  target: SyntaxNode | undefined,
): void {
  if (!target) return;
  let { scope } = context.place;
  while (scope.kind === 'inline' && scope.name === null && scope.parent) {
    scope = scope.parent;
  }
  const place = { ...context.place, scope };
  const reason = 'It is bound within an expression.';
  bindTarget({ ...context, place }, target, { kind: 'opaque', reason });
}

function bindImports(
  context: BindingContext,
  children: readonly SyntaxNode[],
): void {
  const importAt = children.findIndex(({ name }) => name === 'import');
  const origin = joined(context, children.slice(1, importAt));
  const isFrom = children[0]?.name === 'from';
  const names = children
    .slice(importAt + 1)
    .filter(({ name }) => name !== '(' && name !== ')');
  for (const part of splitAt(names, ',')) {
    const as = part.findIndex(({ name }) => name === 'as');
    const path = joined(context, as === -1 ? part : part.slice(0, as));
    const target = as === -1 ? part[0] : part[as + 1];
    if (isFrom && path === '*') {
      context.scope.stars.push(origin);
      context.scope.imported.add(origin.split('.', 1)[0] ?? '');
    }
    if (!target || target.name !== 'VariableName') continue;
    const dotted = as === -1 ? textOf(context, target) : path;
    const qualified = isFrom ? `${origin}.${path}` : dotted;
    bindTarget(context, target, { kind: 'import', qualified });
  }
}

function joined(context: BindingContext, nodes: readonly SyntaxNode[]) {
  return nodes.map((node) => textOf(context, node)).join('');
}

function noteScope(
  { place, source }: BindingContext,
  children: readonly SyntaxNode[],
): void {
  const [keyword, ...rest] = children;
  for (const { name, from, to } of rest) {
    if (name !== 'VariableName') continue;
    const text = source.text.slice(from, to);
    if (keyword?.name === 'global') place.scope.globals.add(text);
    else place.scope.locals.add(text);
  }
}

function between(
  children: readonly SyntaxNode[],
  open: string,
  close: string,
): SyntaxNode[] {
  const start = children.findIndex(({ name }) => name === open);
  const end = children.findIndex(({ name }) => name === close);
  return children
    .slice(start + 1, end === -1 ? undefined : end)
    .filter(({ name }) => name !== ',' && name !== '*');
}
