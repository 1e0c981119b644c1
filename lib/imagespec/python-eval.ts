import type { SyntaxNode } from '@lezer/common';
import { readDict, readItems } from './python-collections';
import { clip } from './field-rules';
import {
  addValues,
  negate,
  nothing,
  readNumber,
  resolved,
  sizeOf,
  tooLarge,
  unresolved,
  type Reading,
} from './python-reading';
import type { Binding, Change, Place } from './python-scope';
import { readFormatString, readString } from './python-strings';
import { readKnown } from './python-known';
import { commonRole, isFlytekit, symbolsOf } from './python-symbols';
import type { Budget } from './python-budget';
import { childrenOf } from './python-tree';
import type { PyValue } from './python-value';
import type { ReadModule } from './python-walk';

/** Reads a call that makes an image spec; undefined when it is another call. */
export type ReadSpecCall = (
  node: SyntaxNode,
  place: Place,
  depth: number,
) => Reading | undefined;

const MAX_DEPTH = 100;
const MAX_OPERANDS = 5000;

const REASONS: ReadonlyMap<string, string> = new Map([
  ['ArrayComprehensionExpression', 'It is computed by a comprehension.'],
  ['DictionaryComprehensionExpression', 'It is computed by a comprehension.'],
  ['SetComprehensionExpression', 'It is computed by a comprehension.'],
  ['ComprehensionExpression', 'It is computed by a comprehension.'],
  ['SetExpression', 'It is a set, which has no order.'],
  ['ConditionalExpression', 'It depends on a condition.'],
  ['CallExpression', 'It calls a function, and nothing is run here.'],
  ['LambdaExpression', 'It is a function.'],
  ['MemberExpression', 'It is part of another object.'],
]);
const ENVIRONMENT = /\b(?:environ|getenv)\b/;

/** Evaluates literals, constants of the same file and what joins them. Never runs anything; its work is bounded. */
export class Evaluator {
  readonly #module: ReadModule;
  readonly #budget: Budget;
  readonly #readSpecCall: ReadSpecCall;
  readonly #known = new Map<Binding, Reading>();

  constructor(module: ReadModule, budget: Budget, readSpecCall: ReadSpecCall) {
    this.#module = module;
    this.#budget = budget;
    this.#readSpecCall = readSpecCall;
  }

  read(node: SyntaxNode, place: Place, depth = 0): Reading {
    if (depth > MAX_DEPTH || !this.#budget.spend()) return tooLarge();
    const reading = this.#readNode(node, place, depth);
    const isPaid =
      reading.kind !== 'value' ||
      this.#budget.spend(sizeOf(reading.value) >> 4);
    return isPaid ? reading : tooLarge();
  }

  #readNode(node: SyntaxNode, place: Place, depth: number): Reading {
    const { text } = this.#module.source;
    const read = (child: SyntaxNode) => this.read(child, place, depth + 1);
    switch (node.name) {
      case 'String':
        return readString(this.#text(node));
      case 'FormatString':
        return readFormatString(node, text, read);
      case 'ContinuedString':
        return this.#sum(childrenOf(node), read);
      case 'Number':
        return readNumber(this.#text(node));
      case 'Boolean':
        return resolved({ type: 'bool', value: this.#text(node) === 'True' });
      case 'None':
        return nothing;
      case 'ArrayExpression':
        return readItems(node, 'list', read);
      case 'TupleExpression':
        return readItems(node, 'tuple', read);
      case 'DictionaryExpression':
        return readDict(node, read);
      case 'ParenthesizedExpression': {
        const [inner, ...rest] = childrenOf(node).slice(1, -1);
        return inner && rest.length === 0 ? read(inner) : unresolved();
      }
      case 'BinaryExpression':
        return this.#binary(node, read);
      case 'UnaryExpression':
        return this.#unary(node, read);
      case 'VariableName':
        return this.#name(node, place, depth);
      case 'CallExpression':
        return (
          this.#readSpecCall(node, place, depth) ??
          readKnown(this.#module, node, place, read) ??
          this.#otherwise(node)
        );
      case 'MemberExpression':
        return (
          readKnown(this.#module, node, place, read) ?? this.#otherwise(node)
        );
      default:
        return this.#otherwise(node);
    }
  }

  #text({ from, to }: SyntaxNode): string {
    return this.#module.source.text.slice(from, to);
  }

  #otherwise(node: SyntaxNode): Reading {
    return ENVIRONMENT.test(this.#text(node).slice(0, 200))
      ? unresolved('It is read from the environment when the code runs.')
      : unresolved(REASONS.get(node.name));
  }

  #sum(
    nodes: readonly SyntaxNode[],
    read: (node: SyntaxNode) => Reading,
  ): Reading {
    let total: PyValue | undefined;
    for (const node of nodes) {
      const reading = read(node);
      if (reading.kind === 'spec') return unresolved();
      if (reading.kind === 'unresolved') return reading;
      const sum = total ? addValues(total, reading.value) : reading.value;
      if (!sum) return unresolved('It adds values of different kinds.');
      if (!this.#budget.spend(sizeOf(sum) >> 4)) return tooLarge();
      const soFar = resolved(sum);
      if (soFar.kind !== 'value') return soFar;
      total = sum;
    }
    return total ? resolved(total) : unresolved();
  }

  /** `a + b + c` nests to the left; it is walked, not recursed into, so that long sums are read too. */
  #binary(node: SyntaxNode, read: (node: SyntaxNode) => Reading): Reading {
    const operands: SyntaxNode[] = [];
    let at: SyntaxNode = node;
    while (at.name === 'BinaryExpression') {
      const [left, operator, right] = childrenOf(at);
      if (!left || !operator || !right || this.#text(operator) !== '+') {
        return unresolved('It is computed when the code runs.');
      }
      operands.push(right);
      at = left;
      if (operands.length > MAX_OPERANDS) return tooLarge();
    }
    return this.#sum([at, ...operands.reverse()], read);
  }

  #unary(node: SyntaxNode, read: (node: SyntaxNode) => Reading): Reading {
    const [operator, operand] = childrenOf(node);
    if (!operator || !operand || this.#text(operator) !== '-') {
      return unresolved('It is computed when the code runs.');
    }
    const reading = read(operand);
    return reading.kind === 'value' ? negate(reading.value) : reading;
  }

  #name(node: SyntaxNode, place: Place, depth: number): Reading {
    const name = this.#text(node);
    const lookup = this.#module.scope.find(name, node.from, place);
    switch (lookup.kind) {
      case 'local':
        return unresolved(
          `\`${clip(name)}\` is known only inside a function or class.`,
        );
      case 'unclear':
        return tooLarge();
      case 'unbound':
        return unresolved(`\`${clip(name)}\` is not set in this file.`);
      case 'bound': {
        const [binding, ...others] = lookup.bindings;
        if (!binding) return unresolved();
        return others.length === 0
          ? this.#binding(binding, depth)
          : this.#ambiguous(lookup.bindings);
      }
    }
  }

  #ambiguous(bindings: readonly Binding[]): Reading {
    const lines = [...new Set(bindings.map(({ from }) => this.#line(from - 1)))]
      .sort((a, b) => a - b)
      .slice(0, 5);
    return unresolved(
      `\`${clip(bindings[0]?.name ?? '')}\` is set on ${lines.length > 1 ? 'lines' : 'line'} ${lines.join(', ')}; which one holds is known only when the code runs.`,
    );
  }

  #line(position: number): number {
    return this.#module.source.lineOf(Math.max(0, position));
  }

  #binding(binding: Binding, depth: number): Reading {
    const known = this.#known.get(binding);
    if (known) return known;
    const cycle = unresolved(`\`${clip(binding.name)}\` refers to itself.`);
    this.#known.set(binding, cycle);
    const bound = this.#bound(binding, depth);
    const reading = this.#unlessChanged(binding, bound, () => true);
    this.#known.set(binding, reading);
    return reading;
  }

  #bound(binding: Binding, depth: number): Reading {
    switch (binding.kind) {
      case 'opaque':
        return unresolved(binding.reason);
      case 'import':
        return unresolved(
          `\`${clip(binding.name)}\` comes from another file (\`${clip(binding.qualified)}\`).`,
        );
      case 'value':
        return this.read(binding.value, binding, depth + 1);
      case 'added':
        return this.#added(binding, binding.value, depth);
    }
  }

  #added(binding: Binding, addend: SyntaxNode, depth: number): Reading {
    if (depth > MAX_DEPTH || !this.#budget.spend()) return tooLarge();
    const { name } = binding;
    const lookup = this.#module.scope.find(name, addend.from, binding);
    const [before, ...others] = lookup.kind === 'bound' ? lookup.bindings : [];
    if (!before || others.length > 0) {
      return unresolved('It is computed when the code runs.');
    }
    // The `+=` itself counts as a change of what the name held before.
    const old = this.#unlessChanged(
      before,
      this.#bound(before, depth + 1),
      ({ node }) => node.to !== binding.from,
    );
    const added = this.read(addend, binding, depth + 1);
    if (old.kind !== 'value') return old;
    if (added.kind !== 'value') return added;
    const sum = addValues(old.value, added.value);
    return sum
      ? resolved(sum)
      : unresolved('It adds values of different kinds.');
  }

  /** The reading, unless something may change the object between its binding and the next. */
  #unlessChanged(
    binding: Binding,
    reading: Reading,
    counts: (change: Change) => boolean,
  ): Reading {
    if (reading.kind === 'unresolved') return reading;
    const changes = this.#module.scope.changesOf(binding);
    if (!changes || !this.#budget.spend(changes.length)) return tooLarge();
    const isMutable =
      reading.kind === 'value' &&
      (reading.value.type === 'list' || reading.value.type === 'dict');
    const change = changes.find(
      (one) =>
        counts(one) && (one.rebinds || (isMutable && !this.#isKept(one))),
    );
    return change
      ? unresolved(
          `\`${clip(binding.name)}\` may be changed on line ${this.#line(change.at)}.`,
        )
      : reading;
  }

  /** flytekit's own functions leave what they are given as it is. */
  #isKept({ callee }: Change): boolean {
    if (!callee) return false;
    const symbols = symbolsOf(this.#module, callee.node, callee.place);
    return (
      commonRole(symbols) === 'replace' ||
      (symbols.length > 0 && symbols.every(isFlytekit))
    );
  }
}
