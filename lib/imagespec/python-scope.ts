import type { SyntaxNode } from '@lezer/common';

/** One branch of a compound statement, with the branches around it. */
export type Block = {
  parent: Block | null;
  /** Start of the statement; the branches of one `if` share it. */
  statement: number;
  end: number;
  branch: number;
  /** Only one branch of an `if` or `match` runs; a loop's body may run again. */
  kind: 'if' | 'loop' | 'other';
};

export type Scope = {
  parent: Scope | null;
  /** A function's body runs later; a class or comprehension runs where it stands. */
  kind: 'module' | 'function' | 'inline';
  /** Name of the function or class. */
  name: string | null;
  locals: Set<string>;
  globals: Set<string>;
};

/** Where an expression stands. */
export type Place = { scope: Scope; block: Block | null };

export type Binding = Place & {
  name: string;
  /** Offset from which it holds. */
  from: number;
} & (
    | { kind: 'value'; value: SyntaxNode }
    /** `name += value`. */
    | { kind: 'added'; value: SyntaxNode }
    /** Dotted name; a relative import begins with a dot. */
    | { kind: 'import'; qualified: string }
    | { kind: 'opaque'; reason: string }
  );

/** A place where the object behind a name may change without a new binding. */
export type Change = {
  at: number;
  node: SyntaxNode;
  /** Inside a function, which may run at any time. */
  deferred: boolean;
  /** The name itself is bound anew, by a `global` statement. */
  rebinds?: true;
  /** Set when the object is only handed to this callee. */
  callee?: { node: SyntaxNode; place: Place };
};

export type Lookup =
  | { kind: 'local' }
  /** Too many places to look at. */
  | { kind: 'unclear' }
  | { kind: 'unbound' }
  | { kind: 'bound'; bindings: readonly Binding[] };

const MAX_ALTERNATIVES = 50;
/** Places looked at for one name; keeps the whole linear in the size of the file. */
const MAX_SCANNED = 500;

/** Whether code in this scope runs later than where it stands. */
export function isDeferred(scope: Scope): boolean {
  for (let at: Scope | null = scope; at; at = at.parent) {
    if (at.kind === 'function') return true;
  }
  return false;
}

/** What the names of one module are bound to, and in which order. */
export class ModuleScope {
  readonly root: Scope = {
    parent: null,
    kind: 'module',
    name: null,
    locals: new Set(),
    globals: new Set(),
  };
  /** Modules of `from … import *`. */
  readonly stars: string[] = [];
  /** First parts of the modules that are imported; relative imports excepted. */
  readonly imported = new Set<string>();
  readonly #bindings = new Map<string, Binding[]>();
  readonly #changes = new Map<string, Change[]>();
  readonly #aliases = new Map<string, Set<string>>();
  readonly #ends = new Map<Binding, number>();
  readonly #byValue = new Map<string, Binding>();

  add(binding: Binding): void {
    push(this.#bindings, binding.name, binding);
    if (binding.kind === 'import') {
      this.imported.add(binding.qualified.split('.', 1)[0] ?? '');
    } else if (binding.kind === 'value') {
      const key = keyOf(withoutParentheses(binding.value));
      if (!this.#byValue.has(key)) this.#byValue.set(key, binding);
    }
  }

  addChange(name: string, change: Change): void {
    push(this.#changes, name, change);
  }

  /** Two names for one object: what changes one changes the other. */
  addAlias(one: string, other: string): void {
    const a = this.#aliases.get(one) ?? new Set([one]);
    const b = this.#aliases.get(other) ?? new Set([other]);
    const [large, small] = a.size < b.size ? [b, a] : [a, b];
    for (const name of small) {
      large.add(name);
      this.#aliases.set(name, large);
    }
    this.#aliases.set(one, large);
    this.#aliases.set(other, large);
  }

  /** Puts bindings in the order in which they begin to hold. Call it once, after the last `add`. */
  seal(): void {
    for (const list of this.#bindings.values()) {
      list.sort((a, b) => a.from - b.from);
      list.forEach((binding, index) => {
        this.#ends.set(binding, list[index + 1]?.from ?? Infinity);
      });
    }
  }

  /**
   * The bindings a name may have where it is used: one, or several when it depends on what runs. A use inside a function
   * sees every binding of the module, because it runs at an unknown time.
   */
  find(name: string, at: number, place: Place): Lookup {
    let deferred = false;
    for (let scope: Scope | null = place.scope; scope; scope = scope.parent) {
      if (scope.kind === 'module') break;
      if (scope.locals.has(name)) return { kind: 'local' };
      deferred ||= scope.kind === 'function';
    }
    const all = this.#bindings.get(name);
    if (!all) return { kind: 'unbound' };
    const bindings = deferred
      ? all.slice(0, MAX_ALTERNATIVES)
      : reaching(all, at, place.block);
    if (!bindings) return { kind: 'unclear' };
    return bindings.length > 0
      ? { kind: 'bound', bindings }
      : { kind: 'unbound' };
  }

  /** The first name that is bound to just this expression. */
  boundTo(value: SyntaxNode): Binding | undefined {
    return this.#byValue.get(keyOf(value));
  }

  /** Where an attribute or element of the object behind a binding is set or a method changes it, if anywhere. */
  changeWithin(binding: Binding): SyntaxNode | undefined {
    return this.changesOf(binding)?.find(({ callee }) => !callee)?.node;
  }

  /**
   * What may change the object that a binding gave the name. Changes behind the next binding are left out. Null when
   * there are too many places to look at.
   */
  changesOf(binding: Binding): Change[] | null {
    const end = this.#ends.get(binding) ?? Infinity;
    const names = this.#aliases.get(binding.name) ?? [binding.name];
    const found: Change[] = [];
    let scanned = 0;
    for (const name of names) {
      if ((scanned += 1) > MAX_SCANNED) return null;
      for (const change of this.#changes.get(name) ?? []) {
        if ((scanned += 1) > MAX_SCANNED) return null;
        const isWithin = change.at >= binding.from && change.at < end;
        if (change.deferred || isWithin || name !== binding.name) {
          found.push(change);
        }
      }
    }
    return found;
  }
}

/** The bindings that can be in force at an offset, the newest first. */
function reaching(
  all: readonly Binding[],
  at: number,
  block: Block | null,
): Binding[] | null {
  const found: Binding[] = [];
  const before = countBefore(all, at);
  for (let index = before - 1; index >= 0; index -= 1) {
    const binding = all[index];
    if (before - index > MAX_SCANNED) return null;
    if (!binding || isExclusive(binding.block, block)) continue;
    found.push(binding);
    if (isAround(binding.block, block)) break;
  }
  // In a loop, a later binding holds when the body runs again.
  for (let outer = block; outer; outer = outer.parent) {
    if (outer.kind !== 'loop') continue;
    for (let index = before; index < all.length; index += 1) {
      const binding = all[index];
      if (!binding || binding.from > outer.end) break;
      found.push(binding);
      if (found.length >= MAX_ALTERNATIVES) return found;
    }
  }
  return found;
}

function countBefore(all: readonly Binding[], at: number): number {
  let low = 0;
  let high = all.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((all[middle]?.from ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

function isAround(outer: Block | null, inner: Block | null): boolean {
  if (!outer) return true;
  for (let block = inner; block; block = block.parent) {
    if (block === outer) return true;
  }
  return false;
}

/** Whether two places lie in different branches of one `if` or `match`. */
function isExclusive(one: Block | null, other: Block | null): boolean {
  for (let a = one; a; a = a.parent) {
    if (a.kind !== 'if') continue;
    for (let b = other; b; b = b.parent) {
      if (b.statement === a.statement && b.branch !== a.branch) return true;
    }
  }
  return false;
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

function keyOf({ from, to }: SyntaxNode): string {
  return `${from}:${to}`;
}

function withoutParentheses(node: SyntaxNode): SyntaxNode {
  let at = node;
  while (at.name === 'ParenthesizedExpression') {
    const inner = at.firstChild?.nextSibling;
    if (!inner) break;
    at = inner;
  }
  return at;
}
