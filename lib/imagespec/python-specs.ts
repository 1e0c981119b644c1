import type { SyntaxNode } from '@lezer/common';
import { readArguments, type Argument } from './python-arguments';
import { Evaluator } from './python-eval';
import { resolved, tooLarge, unresolved, type Reading } from './python-reading';
import type { Place } from './python-scope';
import { commonRole, symbolsOf } from './python-symbols';
import { Budget } from './python-budget';
import { childrenOf } from './python-tree';
import { pyNone, type PyValue } from './python-value';
import {
  reasonOf,
  toProblem,
  toWritten,
  unsetField,
  type SpecEntry,
} from './python-entries';
import type { ReadModule } from './python-walk';
import { FIELD_ORDER, isFieldName, type FieldName } from './fields';
import { fieldsDict } from './tag';
import { chainField, extendField } from './with-chain';

const MAX_SPECS = 200;
const MAX_FIELDS = 100;
/** Characters of all values together, as JSON; a constant may be spread into every spec. */
const MAX_OUTPUT = 4 * 1024 * 1024;

/** Reads every expression of a file that makes an image spec: the constructor, and chains of `with_…` on one. */
export class SpecTable {
  readonly entries: SpecEntry[] = [];
  readonly evaluator: Evaluator;
  /** More specs than are read. */
  overflow = false;
  readonly #module: ReadModule;
  readonly #budget: Budget;
  readonly #output = new Budget(MAX_OUTPUT);
  readonly #ids = new Map<string, Reading | undefined>();

  constructor(module: ReadModule, budget: Budget) {
    this.#module = module;
    this.#budget = budget;
    this.evaluator = new Evaluator(module, budget, (node, place, depth) =>
      this.readCall(node, place, depth),
    );
  }

  /** The spec a call makes; undefined when it makes none. Reading it twice gives the same number. */
  readCall(node: SyntaxNode, place: Place, depth = 0): Reading | undefined {
    const key = `${node.from}:${node.to}`;
    if (this.#ids.has(key)) return this.#ids.get(key);
    if (!this.#budget.spend()) return undefined;
    this.#ids.set(key, unresolved('It refers to itself.'));
    const reading = this.#read(node, place, depth);
    this.#ids.set(key, reading);
    return reading;
  }

  #read(node: SyntaxNode, place: Place, depth: number): Reading | undefined {
    const [callee, args] = childrenOf(node);
    if (!callee || args?.name !== 'ArgList') return undefined;
    const symbols = symbolsOf(this.#module, callee, place);
    if (commonRole(symbols) === 'spec') {
      return this.#add(this.#construct(node, args, place, depth));
    }
    if (commonRole(symbols) === 'replace') {
      return this.#replace(node, args, place, depth);
    }
    const [object, dot, property] = childrenOf(callee);
    if (callee.name !== 'MemberExpression' || dot?.name !== '.') {
      return undefined;
    }
    const method = property ? this.#text(property) : '';
    const field = chainField(method);
    if (!object || (!field && method !== 'force_push')) return undefined;
    const base = this.evaluator.read(object, place, depth + 1);
    if (base.kind === 'unresolved') return base;
    const entry = base.kind === 'spec' ? this.entries[base.id] : undefined;
    if (base.kind !== 'spec' || !entry) return undefined;
    const extended = this.#extend(entry, node, args, field, place, depth);
    return this.#add({ ...extended, startOfChain: base.id });
  }

  #add(entry: SpecEntry): Reading {
    if (this.entries.length >= MAX_SPECS) {
      this.overflow = true;
      return tooLarge();
    }
    this.entries.push(entry);
    return { kind: 'spec', id: this.entries.length - 1 };
  }

  #construct(
    node: SyntaxNode,
    args: SyntaxNode,
    place: Place,
    depth: number,
  ): SpecEntry {
    const entry: SpecEntry = { node, fields: {}, written: [], problems: [] };
    const all = readArguments(args, this.#module.source.text);
    this.#setArguments(entry, all, place, depth);
    if (all.length > MAX_FIELDS) {
      this.#report(entry, '', args, 'It has too many arguments.');
    }
    return entry;
  }

  #setArguments(
    entry: SpecEntry,
    all: readonly Argument[],
    place: Place,
    depth: number,
  ): void {
    let position = 0;
    for (const argument of all.slice(0, MAX_FIELDS)) {
      const { value } = argument;
      const reading = this.evaluator.read(value, place, depth + 1);
      if (argument.kind === 'keyword') {
        this.#set(entry, argument.name, value, reading);
      } else if (argument.kind === 'positional') {
        this.#set(entry, FIELD_ORDER[position] ?? '', value, reading);
        position += 1;
      } else if (argument.kind === 'double_star') {
        this.#setAll(entry, value, reading);
      } else {
        this.#report(entry, '', value, 'These arguments cannot be read here.');
      }
    }
  }

  /** `dataclasses.replace(spec, field=…)`. */
  #replace(
    node: SyntaxNode,
    args: SyntaxNode,
    place: Place,
    depth: number,
  ): Reading | undefined {
    const [first, ...rest] = readArguments(args, this.#module.source.text);
    if (first?.kind !== 'positional') return undefined;
    const base = this.evaluator.read(first.value, place, depth + 1);
    const before = base.kind === 'spec' ? this.entries[base.id] : undefined;
    if (base.kind !== 'spec' || !before) return undefined;
    const entry = { ...this.#copyOf(before, node), startOfChain: base.id };
    for (const argument of rest) {
      if (argument.kind === 'keyword') unsetField(entry, argument.name);
    }
    this.#setArguments(entry, rest, place, depth);
    return this.#add(entry);
  }

  /** A spec with the fields of another, made where `node` stands. */
  #copyOf(entry: SpecEntry, node: SyntaxNode): SpecEntry {
    const copy: SpecEntry = {
      node,
      fields: entry.fields,
      written: [...entry.written],
      problems: [...entry.problems],
    };
    if (this.#isChanged(entry)) {
      this.#report(
        copy,
        '',
        node,
        'The spec it starts from is changed before.',
      );
    }
    return copy;
  }

  #isChanged({ node }: SpecEntry): boolean {
    const { scope } = this.#module;
    const binding = scope.boundTo(node);
    return binding !== undefined && scope.changeWithin(binding) !== undefined;
  }

  #set(entry: SpecEntry, name: string, node: SyntaxNode, given: Reading): void {
    const reading = this.#paid(given);
    this.#write(entry, name, node, reading);
    if (!isFieldName(name)) {
      const message = 'flytekit’s ImageSpec has no such field.';
      this.#report(entry, name, node, message);
    } else if (Object.hasOwn(entry.fields, name)) {
      this.#report(entry, name, node, 'This field is given twice.');
    } else this.#settle(entry, name, node, reading);
  }

  /** Sets a field, or says why it is not known. */
  #settle(
    entry: SpecEntry,
    name: FieldName,
    node: SyntaxNode,
    reading: Reading,
  ): void {
    const value = this.#value(name, reading);
    entry.fields = { ...entry.fields, [name]: value ?? pyNone };
    if (!value)
      this.#report(entry, name, node, reasonOf(name, reading), reading);
  }

  /** What a field becomes; a base image that is a spec is known when all of that spec is. */
  #value(name: FieldName, reading: Reading): PyValue | undefined {
    if (reading.kind === 'value') {
      // A dict in place of the base stands for a spec from here on.
      const isLiteral = name === 'base_image' && reading.value.type === 'dict';
      return isLiteral ? undefined : reading.value;
    }
    if (reading.kind !== 'spec' || name !== 'base_image') return undefined;
    const base = this.entries[reading.id];
    return base && base.problems.length === 0 && !this.#isChanged(base)
      ? fieldsDict(base.fields)
      : undefined;
  }

  /** The reading, unless all values together have become too long to hand on. */
  #paid(reading: Reading): Reading {
    if (reading.kind !== 'value') return reading;
    const length = JSON.stringify(reading.value).length;
    return this.#output.spend(length) ? reading : tooLarge();
  }

  #write(
    entry: SpecEntry,
    name: string,
    node: SyntaxNode,
    reading: Reading,
  ): void {
    entry.written.push(toWritten(this.#module.source, name, node, reading));
  }

  #setAll(entry: SpecEntry, node: SyntaxNode, reading: Reading): void {
    if (reading.kind !== 'value' || reading.value.type !== 'dict') {
      const message =
        reading.kind === 'unresolved' ? reading.reason : 'This is no dict.';
      this.#report(entry, '', node, message);
      return;
    }
    const { entries } = reading.value;
    if (entry.written.length + entries.length > MAX_FIELDS) {
      this.#report(entry, '', node, 'It has too many entries.');
      return;
    }
    for (const [key, value] of entries) {
      const name = key.type === 'str' ? key.value : '';
      this.#set(entry, name, node, { kind: 'value', value });
    }
  }

  #extend(
    base: SpecEntry,
    node: SyntaxNode,
    args: SyntaxNode,
    field: FieldName | undefined,
    place: Place,
    depth: number,
  ): SpecEntry {
    const entry = this.#copyOf(base, node);
    if (!field) return entry;
    const [argument, ...others] = readArguments(args, this.#module.source.text);
    const isPlain =
      argument?.kind === 'positional' || argument?.kind === 'keyword';
    const added =
      isPlain && others.length === 0
        ? this.evaluator.read(argument.value, place, depth + 1)
        : unresolved('These arguments cannot be read here.');
    const shown = argument?.value ?? args;
    const isKnown = !base.problems.some((problem) => problem.field === field);
    const reading = isKnown ? this.#extended(base, field, added) : unresolved();
    entry.written = base.written.filter(({ name }) => name !== field);
    this.#write(entry, field, shown, reading);
    if (isKnown) this.#settle(entry, field, shown, reading);
    return entry;
  }

  /** The value of a field after `with_…`. */
  #extended(base: SpecEntry, field: FieldName, added: Reading): Reading {
    if (added.kind !== 'value') return added;
    const value = extendField(base.fields, field, added.value)?.[field];
    return value
      ? this.#paid(resolved(value))
      : unresolved('flytekit cannot add this here.');
  }

  #report(
    entry: SpecEntry,
    field: string,
    node: SyntaxNode,
    message: string,
    reading?: Reading,
  ): void {
    const { source } = this.#module;
    entry.problems.push(toProblem(source, field, node, message, reading));
  }

  #text({ from, to }: SyntaxNode): string {
    return this.#module.source.text.slice(from, to);
  }
}
