import { SpecError } from '@/lib/imagespec/errors';
import { constructorFault } from '@/lib/imagespec/flytekit-rules';
import { pyStr } from '@/lib/imagespec/python-value';
import { NEWEST_LINE } from '@/lib/imagespec/releases/lines';
import type { ReleaseDigests } from '@/lib/imagespec/releases/outcome';
import type { Release } from '@/lib/imagespec/releases/release';
import { releaseTag } from '@/lib/imagespec/releases/release-tag';
import {
  baseFields,
  construct,
  fieldsDict,
  fieldsId,
  fieldsImageName,
  fieldsTag,
  type FlytekitFields,
  tagText,
} from '@/lib/imagespec/tag';
import {
  type CheckedVector,
  type Difference,
  differences,
} from '@/lib/registry/testing/checked-vector';
import { textOf } from './ordered-json';
import {
  digestChoices,
  type Files,
  isMissing,
  sortedDigests,
} from './vector-files';
import { readSpec, type WrittenSpec } from './vector-spec';
import { holdsText, readVectorFile, type Vector } from './vectors';

/** Holds tags, ids, names and what each release computes to the vectors of an `imagespec_tags.json`. */
export function checkTagVectors(text: string): CheckedVector[] {
  const { vectors, files } = readVectorFile(text);
  return vectors.map((vector) => ({
    name: vector.id,
    differences: [
      ...checkNewest(vector, files),
      ...[...vector.byRelease].flatMap(([release, expected]) =>
        expected ? checkRelease(vector, files, release, expected) : [],
      ),
    ],
  }));
}

type Made = {
  specId: string;
  tag: string;
  imageName: string;
  resolvedPlatform: string | undefined;
  preimage: string;
};

function checkNewest(vector: Vector, files: Files): Difference[] {
  const made = makeNewest(vector, files);
  const isRefused = made instanceof SpecError;
  if (vector.error !== undefined) {
    return isRefused ? [] : [differs('error', vector.error, `tag ${made.tag}`)];
  }
  if (isRefused)
    return [differs('tag', vector.tag, `refused: ${made.message}`)];
  if (vector.tag === undefined) return [differs('tag', undefined, made.tag)];
  // The working folder's own path is in the id where a spec names it whole.
  const isOfMachine = holdsText(vector.kwargs, (part) => part.includes('$FX'));
  const values = [
    ['spec_id', vector.specId, isOfMachine ? vector.specId : made.specId],
    ['tag', vector.tag, made.tag],
    ['image_name', vector.imageName, made.imageName],
    ['resolved_platform', vector.resolvedPlatform, made.resolvedPlatform],
    ['preimage', vector.preimage, made.preimage],
  ] as const;
  return differences(values.filter(([, expected]) => expected !== undefined));
}

/** What today's algorithm gives, in the order of the disk that fits. A refusal is given back, not thrown. */
function makeNewest(vector: Vector, files: Files): Made | SpecError {
  try {
    const spec = readSpec(vector.kwargs, NEWEST_LINE);
    if (!spec.ok) throw new SpecError(spec.fault, {});
    const fields = onMachine(spec.fields, spec.isArm64);
    checkFields(fields);
    const fits = (digests: ReleaseDigests) =>
      fieldsTag(fields, digests) === vector.tag;
    const sorted = sortedDigests(fields, files);
    const digests =
      vector.tag === undefined || fits(sorted)
        ? sorted
        : (find(digestChoices(fields, files), fits) ?? sorted);
    return {
      specId: fieldsId(fields),
      tag: fieldsTag(fields, digests),
      imageName: fieldsImageName(fields, digests),
      resolvedPlatform: textOf(construct(fields).platform),
      preimage: tagText(fields, digests),
    };
  } catch (error) {
    if (error instanceof SpecError) return error;
    throw error;
  }
}

function checkRelease(
  { kwargs }: Vector,
  files: Files,
  release: Release,
  expected: { tag?: string; error?: string },
): Difference[] {
  const spec = readSpec(kwargs, release);
  const outcomes = () => outcomesOf(spec, files, release);
  const { tag } = expected;
  // A refusal is the same in every order.
  const fitting =
    tag === undefined ? undefined : find(outcomes(), (one) => one === tag);
  const got = fitting ?? find(outcomes(), () => true) ?? '';
  const isRefused = got.startsWith(REFUSED);
  const isRight =
    expected.error === undefined ? got === expected.tag : isRefused;
  return isRight
    ? []
    : [differs(`by_version ${release}`, expected.tag ?? expected.error, got)];
}

const REFUSED = 'refused: ';

/** What the release gives, for each order of the disk. */
function* outcomesOf(
  spec: WrittenSpec,
  files: Files,
  release: Release,
): Generator<string> {
  if (!spec.ok) {
    yield `${REFUSED}${spec.fault}`;
    return;
  }
  const { fields, isArm64 } = spec;
  for (const digests of digestChoices(fields, files)) {
    const outcome = releaseTag(release, fields, digests, { isArm64 });
    if (outcome.kind === 'tag') {
      yield outcome.tag;
    } else {
      const isRefused = outcome.kind === 'refused' || isMissing(fields, files);
      yield `${isRefused ? REFUSED : 'unknown: '}${outcome.reason}`;
    }
  }
}

function find<Item>(
  all: Iterable<Item>,
  test: (item: Item) => boolean,
): Item | undefined {
  for (const item of all) if (test(item)) return item;
  return undefined;
}

/** The fields with the platform that the machine decides, in bases too. */
function onMachine(fields: FlytekitFields, isArm64: boolean): FlytekitFields {
  const { platform = { type: 'none' }, registry } = fields;
  const isLocal = textOf(registry)?.toLowerCase().startsWith('localhost:');
  const base = baseFields(fields);
  return {
    ...fields,
    ...(base ? { base_image: fieldsDict(onMachine(base, isArm64)) } : {}),
    ...(isArm64 && isLocal === true && platform.type === 'none'
      ? { platform: pyStr('linux/arm64') }
      : {}),
  };
}

function checkFields(fields: FlytekitFields): void {
  const fault = constructorFault(fields, NEWEST_LINE);
  if (fault)
    throw new SpecError(fault.message, { [fault.field]: fault.message });
  const base = baseFields(fields);
  if (base) checkFields(base);
}

function differs(
  what: string,
  expected: string | undefined,
  got: string | undefined,
): Difference {
  return { what, expected, got };
}
