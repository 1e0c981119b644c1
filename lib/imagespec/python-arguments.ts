import type { SyntaxNode } from '@lezer/common';
import { bracketed } from './python-tree';

export type Argument =
  | { kind: 'positional' | 'star' | 'double_star'; value: SyntaxNode }
  | { kind: 'keyword'; name: string; value: SyntaxNode }
  /** A generator, or what a syntax error left. */
  | { kind: 'other'; value: SyntaxNode };

/** The arguments of a call, in order. */
export function readArguments(args: SyntaxNode, text: string): Argument[] {
  return bracketed(args).flatMap((part): Argument[] => {
    const [first, second, third] = part;
    if (!first) return [];
    if (part.length === 1) return [{ kind: 'positional', value: first }];
    if (part.length === 2 && second && first.name === '*') {
      return [{ kind: 'star', value: second }];
    }
    if (part.length === 2 && second && first.name === '**') {
      return [{ kind: 'double_star', value: second }];
    }
    if (part.length === 3 && third && second?.name === 'AssignOp') {
      const name = text.slice(first.from, first.to);
      return [{ kind: 'keyword', name, value: third }];
    }
    return [{ kind: 'other', value: first }];
  });
}
