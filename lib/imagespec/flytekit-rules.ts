import type { FieldName } from './fields';
import { clip } from './field-rules';
import type { PyValue } from './python-value';
import { isTruthy } from './python-value';
import { fieldSince, isBefore, type Release } from './releases/release';
import type { FlytekitFields } from './tag';

/** A value that makes `ImageSpec(…)` itself raise. */
export type ConstructorFault = { field: FieldName; message: string };

type Rule = {
  field: FieldName;
  /** The first release that refuses. */
  since: Release;
  message: (value: PyValue) => string;
  isFine: (value: PyValue) => boolean;
};

// Python's \d and \w go by Unicode, and its $ also matches before a last line break.
const REGISTRY =
  /^(?:localhost:\p{Nd}{1,5}|[a-z\p{Nd}._-]+(?::\p{Nd}{1,5})?)(?:\/[\p{L}\p{N}_.-]+)*\n?$/u;

const LISTS: readonly FieldName[] = [
  'packages',
  'conda_channels',
  'conda_packages',
  'apt_packages',
  'pip_extra_index_url',
  'entrypoint',
  'commands',
  'runtime_packages',
];

const RULES: readonly Rule[] = [
  {
    field: 'name',
    since: '1.10.0',
    message: () => 'Write the name as text.',
    isFine: isText,
  },
  {
    field: 'registry',
    since: '1.10.0',
    message: () => 'Write the registry as text, such as ghcr.io/acme.',
    isFine: (value) => isText(value) || !isTruthy(value),
  },
  {
    field: 'registry',
    since: '1.13.6',
    message: (value) =>
      `flytekit takes no registry “${clip(textOf(value))}”. Write it like ghcr.io/acme or localhost:30000: no scheme, no tag, no “/” at the end.`,
    isFine: (value) =>
      !isTruthy(value) || REGISTRY.test(textOf(value).toLowerCase()),
  },
  ...LISTS.map((field) => ({
    field,
    since: later(fieldSince(field), '1.13.3'),
    message: () =>
      `flytekit takes ${field} as a list of texts only, such as ["a", "b"]; a tuple or a single text is refused.`,
    isFine: (value: PyValue) =>
      value.type === 'list' && value.items.every(isText),
  })),
  {
    field: 'pip_secret_mounts',
    since: '1.15.0',
    message: () =>
      'flytekit takes pip_secret_mounts as a list of tuples of two texts only, such as [("token", "/run/token")].',
    isFine: (value) => value.type === 'list' && value.items.every(isMount),
  },
  {
    field: 'builder_options',
    since: '1.15.4',
    message: () =>
      'flytekit takes builder_options as a dict only, such as {"a": 1}.',
    isFine: (value) => value.type === 'dict',
  },
];

/**
 * What flytekit's constructor refuses, in its own order: the first fault, or undefined when the spec can be made. It
 * looks at types and at the registry only; what the builder refuses, and what no registry takes, is the schema's.
 */
export function constructorFault(
  fields: FlytekitFields,
  release: Release,
): ConstructorFault | undefined {
  for (const { field, since, isFine, message } of RULES) {
    const value = fields[field];
    if (value === undefined || isBefore(release, since)) continue;
    // None is a field left out, but `name` and its default are never None.
    if (value.type === 'none' && field !== 'name') continue;
    if (!isFine(value)) return { field, message: message(value) };
  }
  return undefined;
}

function isText(value: PyValue): boolean {
  return value.type === 'str';
}

function isMount(value: PyValue): boolean {
  return (
    value.type === 'tuple' &&
    value.items.length === 2 &&
    value.items.every(isText)
  );
}

function textOf(value: PyValue): string {
  return value.type === 'str' ? value.value : '';
}

function later(one: Release, other: Release): Release {
  return isBefore(one, other) ? other : one;
}
