import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ESLint } from 'eslint';
import { describe, expect, it } from 'vitest';

const root = path.join(import.meta.dirname, '..');

/** One forbidden import per ring: where it would stand, and what it would import. */
const FORBIDDEN: [file: string, source: string][] = [
  ['lib/registry/fixture.ts', 'next/navigation'],
  ['lib/imagespec/fixture.ts', '@/db'],
  ['lib/build/fixture.ts', '@/lib/services/build-queue'],
  ['lib/build/fixture.ts', 'react'],
  ['lib/errors.ts', '@/lib/env'],
  ['lib/log.ts', '@/db'],
  ['db/fixture.ts', '@/lib/services/build-queue'],
  ['lib/services/fixture.ts', '@/components/ui/button'],
  ['lib/services/fixture.ts', 'dockerode'],
  ['lib/services/fixture.ts', 'next-auth'],
  ['lib/services/fixture.ts', '@aws-sdk/client-ecr'],
  ['worker/fixture.ts', 'jose'],
  ['components/builds/fixture.tsx', '@/lib/registry/cloud/mint'],
  ['lib/jobs/fixture.ts', '@/lib/actions/builds'],
  ['lib/auth.ts', '@/app/page'],
  ['lib/actions/fixture.ts', '@/db'],
  ['lib/queries/fixture.ts', '@/lib/services/build-queue'],
  ['components/builds/fixture.tsx', '@/lib/services/build-queue'],
  ['components/builds/fixture.tsx', '@/lib/registry/client'],
  ['components/auth/fixture.tsx', 'next-auth'],
  ['app/fixture.tsx', '@/db'],
  ['worker/fixture.ts', '@/db'],
  ['worker/fixture.ts', '@/lib/crypto'],
  ['worker/fixture.ts', 'next/server'],
  ['components/builds/fixture.tsx', '../ui/button'],
];

const ALLOWED: [file: string, source: string][] = [
  ['lib/imagespec/fixture.ts', '@/lib/registry/reference'],
  ['lib/services/fixture.ts', '@/db'],
  ['lib/actions/fixture.ts', '@/lib/services/build-queue'],
  ['components/auth/fixture.tsx', 'next-auth/react'],
  ['worker/fixture.ts', 'dockerode'],
  ['lib/registry/cloud/fixture.ts', '@aws-sdk/client-ecr'],
  ['lib/services/fixture.ts', '@/lib/registry/cloud/mint'],
];

// One for all: each new one would read the configuration and load every plugin again.
const eslint = new ESLint({
  cwd: root,
  overrideConfig: {
    // The fixture is no file of the project, so rules that need types cannot run on it.
    languageOptions: { parserOptions: { projectService: false } },
  },
  ruleFilter: ({ ruleId }) => ruleId === 'no-restricted-imports',
});

async function complaints(file: string, source: string): Promise<string[]> {
  const [result] = await eslint.lintText(`import '${source}';\n`, {
    filePath: path.join(root, file),
  });
  return (result?.messages ?? []).map(
    ({ ruleId, message }) => ruleId ?? message,
  );
}

describe('the import rules', () => {
  it.each(FORBIDDEN)('%s may not import %s', async (file, source) => {
    expect(await complaints(file, source)).toEqual(['no-restricted-imports']);
  });

  it.each(ALLOWED)('%s may import %s', async (file, source) => {
    expect(await complaints(file, source)).toEqual([]);
  });
});

describe('docs/errors.md', () => {
  it('has one section for each code, in the order of the table', async () => {
    const { ERRORS } = await import('@/lib/errors');
    const text = readFileSync(path.join(root, 'docs/errors.md'), 'utf8');
    const headings = [...text.matchAll(/^## (\w+)$/gm)].map(
      (match) => match[1],
    );
    expect(headings).toEqual(Object.keys(ERRORS));
  });
});
