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
import { digestChoices, type DigestKind, digestKind } from './digest-choices';
import { type Files, isMissing } from './vector-files';
import { readSpec, type WrittenSpec } from './vector-spec';
import { holdsText, readVectorFile, type Vector } from './vectors';
import { replay } from './walk-orders';

/** Holds tags, ids, names and what each release computes to the vectors of an `imagespec_tags.json`. */
export function checkTagVectors(text: string): CheckedVector[] {
  const { vectors, files } = readVectorFile(text);
  return vectors.map((vector) => {
    const disk: Disk = { files, choices: new Map() };
    return {
      name: vector.id,
      differences: [
        ...checkNewest(vector, disk),
        ...[...vector.byRelease].flatMap(([release, expected]) =>
          expected ? checkRelease(vector, disk, release, expected) : [],
        ),
      ],
    };
  });
}

/** The files, and the digests of one vector, made once for all the releases of a kind. */
type Disk = {
  files: Files;
  choices: Map<DigestKind, () => Iterable<ReleaseDigests>>;
};

type Made = {
  specId: string;
  tag: string;
  imageName: string;
  resolvedPlatform: string | undefined;
  preimage: string;
};

function checkNewest(vector: Vector, disk: Disk): Difference[] {
  const made = makeNewest(vector, disk);
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
function makeNewest(vector: Vector, disk: Disk): Made | SpecError {
  try {
    const spec = readSpec(vector.kwargs, NEWEST_LINE);
    if (!spec.ok) throw new SpecError(spec.fault, {});
    const fields = onMachine(spec.fields, spec.isArm64);
    checkFields(fields);
    const fits = (digests: ReleaseDigests) =>
      fieldsTag(fields, digests) === vector.tag;
    const [sorted = {}] = choicesOf(disk, fields, NEWEST_LINE);
    const digests =
      vector.tag === undefined
        ? sorted
        : (find(choicesOf(disk, fields, NEWEST_LINE), fits) ?? sorted);
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
  disk: Disk,
  release: Release,
  expected: { tag?: string; error?: string },
): Difference[] {
  const spec = readSpec(kwargs, release);
  const { tag } = expected;
  let first: string | undefined;
  let fitting: string | undefined;
  for (const one of outcomesOf(spec, disk, release)) {
    first ??= one;
    if (one === tag) fitting = one;
    // What is no tag is the same in every order.
    if (tag === undefined || fitting !== undefined || !isTag(one)) break;
  }
  const got = fitting ?? first ?? '';
  const isRight =
    expected.error === undefined ? got === tag : got.startsWith(REFUSED);
  return isRight
    ? []
    : [differs(`by_version ${release}`, tag ?? expected.error, got)];
}

const REFUSED = 'refused: ';
const UNKNOWN = 'unknown: ';

function isTag(outcome: string): boolean {
  return !outcome.startsWith(REFUSED) && !outcome.startsWith(UNKNOWN);
}

/** What the release gives, for each order of the disk. */
function* outcomesOf(
  spec: WrittenSpec,
  disk: Disk,
  release: Release,
): Generator<string> {
  if (!spec.ok) {
    yield `${REFUSED}${spec.fault}`;
    return;
  }
  const { fields, isArm64 } = spec;
  for (const digests of choicesOf(disk, fields, release)) {
    const outcome = releaseTag(release, fields, digests, { isArm64 });
    if (outcome.kind === 'tag') {
      yield outcome.tag;
    } else {
      const isRefused =
        outcome.kind === 'refused' || isMissing(fields, disk.files);
      yield `${isRefused ? REFUSED : UNKNOWN}${outcome.reason}`;
    }
  }
}

function choicesOf(
  { files, choices }: Disk,
  fields: FlytekitFields,
  release: Release,
): Iterable<ReleaseDigests> {
  const kind = digestKind(release);
  const all = choices.get(kind) ?? replay(digestChoices(fields, files, kind));
  choices.set(kind, all);
  return all();
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
