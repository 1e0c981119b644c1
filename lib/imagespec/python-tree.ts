import type { SyntaxNode } from '@lezer/common';

/** The children of a node without comments. */
export function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) {
    if (child.name !== 'Comment') children.push(child);
  }
  return children;
}

/** Splits nodes at separators, which are dropped, and so is what follows a last separator when it is nothing. */
export function splitAt(
  nodes: readonly SyntaxNode[],
  separator: string,
): SyntaxNode[][] {
  const parts: SyntaxNode[][] = [];
  let part: SyntaxNode[] = [];
  for (const node of nodes) {
    if (node.name !== separator) {
      part.push(node);
      continue;
    }
    parts.push(part);
    part = [];
  }
  return part.length > 0 ? [...parts, part] : parts;
}

/** The parts between the brackets of a list, tuple, dict or call, one per comma. */
export function bracketed(node: SyntaxNode): SyntaxNode[][] {
  return splitAt(childrenOf(node).slice(1, -1), ',');
}

/** The text of a node, at most 200 characters of it. */
export function snippet(
  text: string,
  { from, to }: { from: number; to: number },
): string {
  const part = text.slice(from, Math.min(to, from + 200));
  return to > from + 200 ? `${part}…` : part.trimEnd();
}
