import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPython } from './python';
import { Budget } from './python-budget';

const FOLDER = path.join(import.meta.dirname, 'testdata/python');
const files = readdirSync(FOLDER).filter((name) => name.endsWith('.py'));

describe('the Python files in testdata', () => {
  it('are at least 20', () => {
    expect(files.length).toBeGreaterThanOrEqual(20);
  });

  it.each(files)('%s', async (name) => {
    const source = readFileSync(path.join(FOLDER, name), 'utf8');
    const found = readPython(source, `workflows/${name.replaceAll('-', '_')}`);
    await expect(`${JSON.stringify(found, null, 2)}\n`).toMatchFileSnapshot(
      path.join(FOLDER, name.replace('.py', '.json')),
    );
  });
});
