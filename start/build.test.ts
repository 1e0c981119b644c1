import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { build, hashSources, isBuilt } from './build.js';
import { createGuard } from './guard.js';

let checkout: string;
const write = (name: string, text: string) => {
  const file = path.join(checkout, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
};
beforeEach(() => {
  checkout = mkdtempSync(path.join(tmpdir(), 'imageyard-build-'));
  write('app/page.tsx', 'page');
  write('lib/errors.ts', 'errors');
  write('package-lock.json', '{}');
});
afterEach(() => rmSync(checkout, { recursive: true }));

describe('the hash of the sources', () => {
  it.each([
    ['a changed source', 'app/page.tsx', 'other'],
    ['a new source', 'lib/services/builds.ts', ''],
    ['a changed lock file', 'package-lock.json', '{"a":1}'],
    ['a changed setting', 'next.config.js', ''],
  ])('changes with %s', (_, name, text) => {
    const before = hashSources(checkout);
    write(name, text);
    expect(hashSources(checkout)).not.toBe(before);
  });

  it.each([
    'lib/errors.test.ts',
    'lib/testdata/a.json',
    'lib/registry/testing/fake.ts',
    'lib/README.md',
    'docs/a.ts',
    'db/migrations/1.sql',
  ])('does not change with %s, which is not built', (name) => {
    const before = hashSources(checkout);
    write(name, 'x');
    expect(hashSources(checkout)).toBe(before);
  });

  it('does not confuse where one file ends and the next begins', () => {
    write('app/a.ts', '1');
    write('app/b.ts', '2');
    const before = hashSources(checkout);
    write('app/a.ts', '');
    write('app/b.ts', '12');
    expect(hashSources(checkout)).not.toBe(before);
  });
});

describe('a build', () => {
  const run = async () => {
    const guard = createGuard();
    try {
      await build({
        checkout,
        logs: checkout,
        guard,
        signal: undefined,
        env: {},
      });
    } finally {
      await guard.close();
    }
  };
  const next = (script: string) =>
    write('node_modules/next/dist/bin/next', script);
  const GOOD = `const fs = require('fs'); fs.mkdirSync('.next', { recursive: true }); fs.writeFileSync('.next/BUILD_ID', 'one');`;

  it('counts until a source changes', async () => {
    expect(isBuilt(checkout)).toBe(false);
    next(GOOD);
    await run();
    expect(isBuilt(checkout)).toBe(true);
    write('app/page.tsx', 'other');
    expect(isBuilt(checkout)).toBe(false);
  });

  it('does not count when a later one failed, even on the same sources', async () => {
    next(GOOD);
    await run();
    next(`${GOOD} process.exit(1)`);
    await expect(run()).rejects.toThrow('The app could not be built. Log: ');
    expect(isBuilt(checkout)).toBe(false);
  });

  it('does not count when somebody built by hand since', async () => {
    next(GOOD);
    await run();
    write('.next/BUILD_ID', 'two');
    expect(isBuilt(checkout)).toBe(false);
  });

  it('names a full disk', async () => {
    next(`console.error('Error: ENOSPC: no space left'); process.exit(1)`);
    await expect(run()).rejects.toThrow(
      'The app could not be built: the disk is full. Log: ',
    );
  });
});
