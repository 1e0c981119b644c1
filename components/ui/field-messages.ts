import type { FieldErrors } from '@/lib/errors';

type Node = { message?: unknown; [key: string]: unknown };

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null;

function nodeAt(errors: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (node, key) => (isNode(node) ? node[key] : undefined),
      errors,
    );
}

function firstMessage(node: unknown, prefix: string): string | undefined {
  if (!isNode(node)) return undefined;
  if (typeof node.message === 'string' && node.message !== '')
    return prefix + node.message;
  for (const [key, child] of Object.entries(node)) {
    // `ref` is the form library's handle on the element; it has no messages and may be a whole document.
    if (key === 'ref' || key === 'types') continue;
    const line = /^\d+$/.test(key) ? `Line ${Number(key) + 1}: ` : prefix;
    const message = firstMessage(child, line);
    if (message !== undefined) return message;
  }
  return undefined;
}

/**
 * What to show under the field `name`, out of react-hook-form's tree of errors. A message of an item of a list, held in
 * one field, says which line it means.
 */
export function messageAt(errors: unknown, name: string): string | undefined {
  return firstMessage(nodeAt(errors, name), '');
}

/**
 * Spreads a server's field errors over the fields a form shows: each message to the field of its path, or to the
 * nearest one above it. What has no field comes back in `rest`.
 */
export function placeFieldErrors(
  fields: FieldErrors,
  names: Iterable<string>,
): { placed: FieldErrors; rest: string[] } {
  const shown = new Set(names);
  const placed: FieldErrors = {};
  const rest: string[] = [];
  for (const [path, message] of Object.entries(fields)) {
    const keys = path.split('.');
    let length = keys.length;
    while (length > 0 && !shown.has(keys.slice(0, length).join('.')))
      length -= 1;
    if (length === 0) rest.push(message);
    else placed[path] = message;
  }
  return { placed, rest };
}
