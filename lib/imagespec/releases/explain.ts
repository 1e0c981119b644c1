import type { FieldName } from '@/lib/imagespec/fields';
import { FIELD_ORDER } from '@/lib/imagespec/fields';
import type { LineTag } from './by-release';
import type { HashedField } from './outcome';
import { fieldSince, isBefore, type Release } from './release';

/** A field whose text is not the same in two lines, the older first. */
type Change = {
  field: FieldName;
  before: string | undefined;
  after: string | undefined;
  from: Release;
  to: Release;
};

/**
 * Why one spec has different tags in two lines of releases: a sentence for each change of flytekit that this spec meets.
 * Empty when the tags are the same, or when one of the lines gives none.
 */
export function explainDifference(one: LineTag, other: LineTag): string[] {
  const [old, young] = isBefore(other.line.since, one.line.since)
    ? [other, one]
    : [one, other];
  if (old.outcome.kind !== 'tag' || young.outcome.kind !== 'tag') return [];
  if (old.outcome.tag === young.outcome.tag) return [];
  const [from, to] = [old.line.since, young.line.since];
  const changes = changesOf(old.outcome.hashed, young.outcome.hashed).map(
    (change) => ({ ...change, from, to }),
  );
  const isPadded = isBefore(from, '1.11.0') && !isBefore(to, '1.11.0');
  return [
    ...new Set([
      ...(isPadded ? ['Before 1.11.0 a tag ends in two dots.'] : []),
      ...newFields(changes),
      ...leftOut(changes),
      ...changes
        .filter((change) => !isAboutNone(change))
        .flatMap((change) => SENTENCES[change.field]?.(change) ?? []),
    ]),
  ];
}

/** The fields whose text differs between two hashed texts, in the order of their declaration. */
function changesOf(
  before: readonly HashedField[],
  after: readonly HashedField[],
): Pick<Change, 'field' | 'before' | 'after'>[] {
  const [old, young] = [textsOf(before), textsOf(after)];
  return FIELD_ORDER.map((field) => ({
    field,
    before: old.get(field),
    after: young.get(field),
  })).filter((change) => change.before !== change.after);
}

function textsOf(hashed: readonly HashedField[]): Map<FieldName, string> {
  return new Map(hashed.map(({ field, text }) => [field, text]));
}

function newFields(changes: readonly Change[]): string[] {
  const added = changes.filter(
    ({ before, after }) => before === undefined && after === 'None',
  );
  const releases = new Set(added.map(({ field }) => fieldSince(field)));
  return [...releases].map((release) => {
    const names = added
      .map(({ field }) => field)
      .filter((field) => fieldSince(field) === release);
    return `${release} added ${enumerate(names)}, hashed as None where nothing is set.`;
  });
}

function leftOut(changes: readonly Change[]): string[] {
  const count = changes.filter(
    ({ before, after }) => before === 'None' && after === undefined,
  ).length;
  return count === 0
    ? []
    : [
        `Since 1.13.5 only fields that are set are hashed; before, ${count} more stood in the text as None.`,
      ];
}

/** A field that is not set, and whose None is hashed in one line only. */
function isAboutNone({ before, after }: Change): boolean {
  return [before, after].every((text) => text === undefined || text === 'None');
}

const SENTENCES: Partial<Record<FieldName, (change: Change) => string[]>> = {
  builder: explainBuilder,
  source_root: explainSource,
  source_copy_mode: () => [
    'Since 1.13.6 source_root sets source_copy_mode, which is hashed.',
  ],
  requirements: () => [
    'Since 1.13.5 white space at the ends of the requirements does not count.',
  ],
  base_image: explainBase,
  platform: () => [
    'Since 1.16.4 an arm64 machine takes linux/arm64 for a localhost registry.',
  ],
};

function explainBuilder({ before, after, from, to }: Change): string[] {
  const isFilled = (release: Release) =>
    !isBefore(release, '1.15.1') && isBefore(release, '1.15.3');
  const wasNamed = before !== undefined && before !== 'None';
  return [
    ...(isBefore(from, '1.10.7') && before === "'envd'"
      ? [
          'Before 1.10.7 a builder that is not named is hashed as envd, later as None.',
        ]
      : []),
    ...(isFilled(from) || isFilled(to)
      ? [
          `1.15.1 and 1.15.2 hash the builder, ${isFilled(from) ? before : after} here, named or not.`,
        ]
      : []),
    ...(wasNamed && !isBefore(to, '1.15.3')
      ? ['Since 1.15.3 the builder is not hashed.']
      : []),
  ];
}

function explainSource({ before, from, to }: Change): string[] {
  if (before === "b''") {
    return ["Before 1.12.0 a source_root that is not set is hashed as b''."];
  }
  const passes = (release: Release) =>
    isBefore(from, release) && !isBefore(to, release);
  return [
    ...(passes('1.12.0')
      ? [
          'Since 1.12.0 ignored files of source_root do not count, and the paths of the others do.',
        ]
      : []),
    ...(passes('1.13.6')
      ? ['Since 1.13.6 source_copy_mode says which files of source_root count.']
      : []),
    ...(passes('1.14.0')
      ? [
          'Since 1.14.0 the files of source_root are digested in the order of their whole paths.',
        ]
      : []),
  ];
}

function explainBase({ before, after }: Change): string[] {
  const isDict = [before, after].map((text) => text?.startsWith('{') === true);
  if (isDict[0] === isDict[1]) {
    return isDict[0]
      ? [
          'The base image is hashed by its fields, and those are hashed otherwise.',
        ]
      : ['The base image has another tag, and its name is part of the text.'];
  }
  return [
    'Before 1.12.0, and in 1.13.5, a base that is a spec is hashed by its fields; otherwise by its image name.',
  ];
}

function enumerate(names: readonly string[]): string {
  const [last = '', ...others] = [...names].reverse();
  return others.length === 0
    ? last
    : `${others.reverse().join(', ')} and ${last}`;
}
