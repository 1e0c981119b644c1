import { expect, it } from 'vitest';
import { type Dockerfile, toDockerfile } from '@/lib/imagespec/dockerfile';
import { toFields } from '@/lib/imagespec/tag';
import {
  type Canonical,
  canonical,
} from '@/lib/imagespec/testing/canonical-dockerfile';
import {
  readDirectives,
  readDockerfile,
} from '@/lib/imagespec/testing/dockerfile-reader';
import {
  type GoldenSpec,
  goldenSpecs,
} from '@/lib/imagespec/testing/golden-specs';
import { treeOf } from '@/lib/imagespec/testing/trees';
import { MENDED } from '@/worker/testing/mended-faults';
import { askFlytekit } from '@/worker/testing/real-flytekit';

/** Golden specs that flytekit's builder cannot be asked about, or writes a broken Dockerfile for. */
const APART: Readonly<Record<string, string>> = {
  'ca-certificates':
    'Its only command is a comment, which leaves a RUN of nothing.',
  'commands-that-look-like-docker':
    'Docker reads the first command as options.',
  'copy-names-with-every-sign':
    'COPY splits names at spaces, and reads quotes, $ and globs.',
  'copy-previewed-by-name': 'A preview has no files.',
  'copy-previewed-by-paths': 'A preview has no files.',
  'conda-channels': 'Its “>” and “;” reach the shell unquoted.',
  'env-references-kept': 'Docker finds no “=” behind the first space.',
  'env-values-quoted': 'Docker finds no “=” behind the first space.',
  'pip-extra-indexes': 'Its “&”, “$” and “#” reach the shell unquoted.',
  'team-helper-images-win': 'flytekit has no team settings.',
  'flytekit-of-an-older-release': 'flytekit installs its own version.',
};

const cases = goldenSpecs().filter(({ name }) => !APART[name]);

it(`gives ${cases.length} specs the instructions and the context that flytekit's default builder gives them, but for the mended faults`, async () => {
  expect(cases.length).toBeGreaterThanOrEqual(40);
  const answers = await askFlytekit(cases.map(toCase));
  const used = new Set<string>();
  cases.forEach((one, index) => {
    const answer = answers[index];
    if (!answer || 'error' in answer || !answer.context) {
      throw new Error(`${one.name}: ${JSON.stringify(answer)}`);
    }
    const { Dockerfile: [text = ''] = [], ...context } = answer.context;
    const ours = toDockerfile(one.spec, {
      ...one.options,
      caCertificates: false,
    });
    expect(readDirectives(text)).toEqual(['syntax=docker/dockerfile:1.5']);
    expect(readDirectives(ours.text)).toEqual([]);
    const hasSource = Object.keys(context).some((path) =>
      path.startsWith('src/'),
    );
    expect
      .soft(instructions(ours.text), one.name)
      .toEqual(mended(instructions(text), one, hasSource, used));
    expect.soft(contextOf(ours), one.name).toEqual(context);
  });
  expect(MENDED.filter(({ fault }) => !used.has(fault))).toEqual([]);
});

function toCase({ spec, options: { files = {}, tree } }: GoldenSpec) {
  return {
    fields: toFields(spec),
    tree: new Map([...treeOf(files), ...(tree ?? [])]),
    ...(spec.source_root?.startsWith('/') ? { folder: spec.source_root } : {}),
    isGitRepository: spec.source_root !== undefined,
    hasContext: true,
  };
}

function instructions(text: string): Canonical[] {
  return readDockerfile(text).map(canonical);
}

/** flytekit's instructions with every fault mended; notes which faults there were. */
function mended(
  theirs: Canonical[],
  { spec, options }: GoldenSpec,
  hasSource: boolean,
  used: Set<string>,
): Canonical[] {
  const context = {
    spec,
    baseImage: options.baseImage,
    hasSource,
  };
  return MENDED.reduce((all, { fault, mend }) => {
    const after = mend(all, context);
    if (JSON.stringify(after) !== JSON.stringify(all)) used.add(fault);
    return after;
  }, theirs);
}

function contextOf({ files }: Dockerfile) {
  return Object.fromEntries(
    [...files].map(([path, file]) => [
      path.replace(/^copy\//, ''),
      typeof file === 'string'
        ? [file, false]
        : [new TextDecoder().decode(file.bytes), file.isExecutable],
    ]),
  );
}
