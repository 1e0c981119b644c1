import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  copyDigest,
  type Digests,
  requirementsDigest,
  sourceDigest,
} from '@/lib/imagespec/digests';
import { isTruthy, pyStr, type PyValue } from '@/lib/imagespec/python-value';
import {
  baseFields,
  copyMode,
  fieldsId,
  fieldsImageName,
  fieldsTag,
  type FlytekitFields,
} from '@/lib/imagespec/tag';
import type { ProjectTree } from '@/lib/imagespec/tree';
import { ignoringTree, randomSpec } from '@/worker/testing/random-fields';
import {
  askFlytekit,
  type FlytekitAnswer,
  type FlytekitCase,
} from '@/worker/testing/real-flytekit';

const SEED = Number(process.env.IMAGEYARD_TEST_SEED ?? 20261123);
const SPECS = 600;
const TREES = 120;

it(`computes tag, id and image name of ${SPECS} random specs and ${TREES} projects as flytekit does (seed ${SEED})`, async () => {
  const cases: FlytekitCase[] = [
    ...fc.sample(randomSpec, { numRuns: SPECS, seed: SEED }),
    ...fc.sample(ignoringTree, { numRuns: TREES, seed: SEED }).map(sourceCase),
  ];
  const answers = await askFlytekit(cases);
  expect(answers).toHaveLength(cases.length);
  const wrong = cases.flatMap((one, index) => {
    const expected = answers[index];
    const ours = ourAnswer(one);
    return isSame(expected, ours)
      ? []
      : [
          {
            index,
            expected,
            ours,
            fields: one.fields,
            files: textOf(one.tree),
          },
        ];
  });
  expect(wrong.slice(0, 3)).toEqual([]);
  // Patterns that docker-py cannot read, for instance.
  const refused = answers.filter((answer) => 'error' in answer);
  expect(refused.length).toBeLessThan(cases.length / 20);
});

/** What flytekit refuses, we refuse in words of our own. */
function isSame(theirs: FlytekitAnswer | undefined, ours: FlytekitAnswer) {
  return theirs && 'error' in theirs
    ? 'error' in ours
    : JSON.stringify(theirs) === JSON.stringify(ours);
}

/** One of the ways to name the folder; flytekit's ignore rules differ between them. */
function sourceCase(tree: ProjectTree, index: number): FlytekitCase {
  const folder = `/work/${index}`;
  const root = ['src', './src', 'src/', '.', folder][index % 5] ?? '';
  const inside = new Map(
    [...tree].flatMap(([path, file]) =>
      path.startsWith('src/') ? [[path.slice('src/'.length), file]] : [],
    ),
  );
  return {
    fields: {
      source_root: pyStr(root),
      source_copy_mode: copyMode('ALL'),
    },
    tree: root === folder || root === '.' ? inside : tree,
    folder,
    isGitRepository: true,
  };
}

function ourAnswer({ fields, tree = new Map() }: FlytekitCase): FlytekitAnswer {
  try {
    const digests = digestsOf(fields, tree);
    return {
      id: fieldsId(fields),
      tag: fieldsTag(fields, digests),
      name: fieldsImageName(fields, digests),
    };
  } catch (error) {
    return { error: String(error) };
  }
}

function digestsOf(fields: FlytekitFields, tree: ProjectTree): Digests {
  const {
    requirements,
    copy,
    source_root: root,
    source_copy_mode: mode,
  } = fields;
  const base = baseFields(fields);
  const file = tree.get(wordOf(requirements).replace(/^\.\//, ''));
  const isAll = mode?.type === 'enum' && mode.repr.includes('ALL');
  return {
    ...(file ? { requirements: requirementsDigest(file.bytes) } : {}),
    ...(copy?.type === 'list' && isTruthy(copy)
      ? { copy: copyDigest(tree, copy.items.map(wordOf)) }
      : {}),
    ...(isAll ? { source: sourceDigest(tree, wordOf(root)) } : {}),
    ...(base ? { base: digestsOf(base, tree) } : {}),
  };
}

function wordOf(value: PyValue | undefined): string {
  return value?.type === 'str' ? value.value : '';
}

function textOf(tree: ProjectTree = new Map()) {
  return Object.fromEntries(
    [...tree].map(([path, { bytes }]) => [
      path,
      new TextDecoder().decode(bytes),
    ]),
  );
}
