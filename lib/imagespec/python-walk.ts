import type { EnvironmentReads } from './python-environment';
import type { SyntaxNode, SyntaxNodeRef } from '@lezer/common';
import { bindsNames, noteBindings } from './python-bindings';
import {
  isDeferred,
  ModuleScope,
  type Block,
  type Place,
  type Scope,
} from './python-scope';
import { rootName } from './python-targets';
import type { Budget } from './python-budget';
import type { PythonSource } from './python-parse';
import { bracketed, childrenOf, splitAt } from './python-tree';

export type Call = { node: SyntaxNode; place: Place };
export type Decorated = { node: SyntaxNode; place: Place };

/** Everything in one file that bears on its images. */
export type Module = {
  source: PythonSource;
  scope: ModuleScope;
  /** In the order of the text, an outer call before those inside it. */
  calls: Call[];
  /** Decorated functions. */
  decorated: Decorated[];
};

/** A module with what is known of the environment it runs in. */
export type ReadModule = Module & { environment: EnvironmentReads };

/** Python itself refuses deeper indentation. */
const MAX_BLOCKS = 100;

const CONDITIONAL: ReadonlyMap<string, Block['kind']> = new Map([
  ['IfStatement', 'if'],
  ['MatchClause', 'if'],
  ['ForStatement', 'loop'],
  ['WhileStatement', 'loop'],
  ['TryStatement', 'other'],
]);
const UNCONDITIONAL = new Set([
  'FunctionDefinition',
  'ClassDefinition',
  'WithStatement',
]);
const SCOPES: ReadonlyMap<string, Scope['kind']> = new Map([
  ['FunctionDefinition', 'function'],
  ['LambdaExpression', 'function'],
  ['ClassDefinition', 'inline'],
  ['ArrayComprehensionExpression', 'inline'],
  ['DictionaryComprehensionExpression', 'inline'],
  ['SetComprehensionExpression', 'inline'],
  ['ComprehensionExpression', 'inline'],
]);

const MUTATORS = new Set([
  'append',
  'extend',
  'insert',
  'remove',
  'pop',
  'popitem',
  'clear',
  'sort',
  'reverse',
  'update',
  'setdefault',
  'add',
  'discard',
]);
/** Functions and methods that leave their arguments alone. */
const HARMLESS = new Set(
  'print len str repr list tuple dict set sorted sum min max any all isinstance type bool enumerate zip range filter format join replace info debug warning error dumps copy deepcopy'.split(
    ' ',
  ),
);

type Owner = {
  from: number;
  to: number;
  kind: Block['kind'] | null;
  bodies: number;
};

/** Walks a file once and notes what every name is bound to, what changes it, every call and every decorated function. */
export function walkModule(source: PythonSource, budget: Budget): Module {
  const scope = new ModuleScope();
  const found: Module = { source, scope, calls: [], decorated: [] };
  const walker = new Walker(found);
  source.tree.iterate({
    enter: (ref) => {
      budget.spend();
      walker.enter(ref);
    },
    leave: (ref) => walker.leave(ref),
  });
  scope.seal();
  return found;
}

class Walker {
  readonly #module: Module;
  readonly #owners: Owner[] = [];
  readonly #blocks: (Block | null)[] = [];
  readonly #scopes: Scope[];

  constructor(module: Module) {
    this.#module = module;
    this.#scopes = [module.scope.root];
  }

  enter(ref: SyntaxNodeRef): void {
    const { name, from, to } = ref;
    if (name === 'Body') this.#blocks.push(this.#blockOf(ref));
    if (bindsNames(name)) {
      const { source, scope } = this.#module;
      noteBindings({ source, scope, place: this.#place() }, ref.node);
    }
    const kind = CONDITIONAL.get(name) ?? null;
    if (kind || UNCONDITIONAL.has(name)) {
      this.#owners.push({ from, to, kind, bodies: 0 });
    }
    const scopeKind = SCOPES.get(name) ?? generatorIn(ref);
    if (scopeKind) this.#scopes.push(this.#newScope(scopeKind, ref.node));
    if (name === 'CallExpression') this.#noteCall(ref.node);
    if (name === 'DecoratedStatement') this.#noteDecorated(ref.node);
  }

  leave(ref: SyntaxNodeRef): void {
    const { name } = ref;
    if (SCOPES.has(name) || generatorIn(ref)) this.#scopes.pop();
    if (CONDITIONAL.has(name) || UNCONDITIONAL.has(name)) this.#owners.pop();
    if (name === 'Body') this.#blocks.pop();
  }

  #place(): Place {
    return {
      scope: this.#scopes.at(-1) ?? this.#module.scope.root,
      block: this.#blocks.at(-1) ?? null,
    };
  }

  /** The block of a body; the one around it where nothing is conditional. */
  #blockOf(ref: SyntaxNodeRef): Block | null {
    const parent = this.#blocks.at(-1) ?? null;
    const owner = this.#owners.at(-1);
    if (!owner?.kind || this.#blocks.length >= MAX_BLOCKS) return parent;
    owner.bodies += 1;
    const clause = ref.node.parent;
    const match = clause?.name === 'MatchClause' ? clause.parent : null;
    return {
      parent,
      statement: match?.from ?? owner.from,
      end: owner.to,
      branch: match ? owner.from : owner.bodies,
      kind: owner.kind,
    };
  }

  #newScope(kind: Scope['kind'], node: SyntaxNode): Scope {
    const isNamed = node.name.endsWith('Definition');
    const isFunction = kind === 'function';
    const nameNode = isNamed ? node.getChild('VariableName') : null;
    const names = isFunction
      ? parameters(node)
      : isNamed
        ? []
        : comprehensionTargets(node);
    return {
      parent: this.#scopes.at(-1) ?? null,
      kind,
      name: nameNode ? this.#text(nameNode) : null,
      locals: new Set(names.map((name) => this.#text(name))),
      globals: new Set(),
    };
  }

  #noteCall(node: SyntaxNode): void {
    const place = this.#place();
    const { scope, calls } = this.#module;
    calls.push({ node, place });
    const [callee, args] = childrenOf(node);
    if (!callee || args?.name !== 'ArgList') return;
    const change = { at: node.from, node, deferred: isDeferred(place.scope) };
    const called = this.#text(callee.getChild('PropertyName') ?? callee);
    if (callee.name === 'MemberExpression' && MUTATORS.has(called)) {
      const root = rootName(callee);
      if (root) scope.addChange(this.#text(root), change);
    }
    if (HARMLESS.has(called) || called.startsWith('with_')) return;
    for (const part of bracketed(args)) {
      const value = part.at(-1);
      const isWhole = part.length === 1 || part[1]?.name === 'AssignOp';
      if (!isWhole || value?.name !== 'VariableName') continue;
      scope.addChange(this.#text(value), {
        ...change,
        callee: { node: callee, place },
      });
    }
  }

  #noteDecorated(node: SyntaxNode): void {
    if (node.getChild('FunctionDefinition')) {
      this.#module.decorated.push({ node, place: this.#place() });
    }
  }

  #text({ from, to }: SyntaxNode): string {
    return this.#module.source.text.slice(from, to);
  }
}

/** `f(x for x in y)` has no node of its own for the comprehension. */
function generatorIn(ref: SyntaxNodeRef): 'inline' | undefined {
  return ref.name === 'ArgList' && ref.node.getChild('for')
    ? 'inline'
    : undefined;
}

function parameters(node: SyntaxNode): SyntaxNode[] {
  const list = node.getChild('ParamList');
  const parts = list ? splitAt(childrenOf(list), ',') : [];
  return parts.flatMap((part) => {
    const name = part.find((child) => child.name === 'VariableName');
    return name ? [name] : [];
  });
}

/** The names between each `for` and its `in`. */
function comprehensionTargets(node: SyntaxNode): SyntaxNode[] {
  const names: SyntaxNode[] = [];
  let isTarget = false;
  for (const child of childrenOf(node)) {
    if (child.name === 'for') isTarget = true;
    else if (child.name === 'in') isTarget = false;
    else if (isTarget) names.push(...namesIn(child));
  }
  return names;
}

function namesIn(node: SyntaxNode): SyntaxNode[] {
  const names: SyntaxNode[] = [];
  const cursor = node.cursor();
  do {
    if (cursor.name === 'VariableName') names.push(cursor.node);
  } while (cursor.next() && cursor.from < node.to);
  return names;
}
