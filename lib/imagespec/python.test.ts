import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPython } from './python';
import { Budget } from './python-budget';
import { hostileFiles } from './testing/hostile-python';

const FOLDER = path.join(import.meta.dirname, 'testdata/python');
const files = readdirSync(FOLDER).filter((name) => name.endsWith('.py'));
const read = (name: string) => readFileSync(path.join(FOLDER, name), 'utf8');

describe('the Python files in testdata', () => {
  it('are at least 20', () => {
    expect(files.length).toBeGreaterThanOrEqual(20);
  });

  it.each(files)('%s', async (name) => {
    const found = readPython(
      read(name),
      `workflows/${name.replaceAll('-', '_')}`,
    );
    await expect(`${JSON.stringify(found, null, 2)}\n`).toMatchFileSnapshot(
      path.join(FOLDER, name.replace('.py', '.json')),
    );
  });
});

describe('readPython on hostile files', () => {
  const SIZE = 400;
  const small = hostileFiles(SIZE);
  const large = hostileFiles(2 * SIZE);

  it.each(Object.keys(small))('%s: work and answer stay in bounds', (name) => {
    const one = measure(small[name] ?? '');
    const two = measure(large[name] ?? '');
    expect(two.work).toBeLessThan(2_000_000);
    // Twice the file costs at most a little more than twice the work.
    expect(two.work).toBeLessThan(2.3 * one.work + 20_000);
    expect(two.answer.length).toBeLessThan(8_000_000);
  });

  it('takes 100,000 nested brackets', () => {
    expect(readPython('['.repeat(100_000), 'a.py').errors).toHaveLength(1);
  });

  it('refuses more than 1 MiB, counted in bytes', () => {
    for (const source of ['#'.repeat(1024 * 1024 + 1), 'é'.repeat(600_000)]) {
      expect(readPython(source, 'a.py')).toEqual({
        module: 'a',
        specs: [],
        tasks: [],
        variables: [],
        errors: [{ line: 1, message: 'The file is larger than 1 MiB.' }],
      });
    }
  });

  it('says when the work is used up, and marks the rest unresolved', () => {
    const source = 'x = ["a"]\nimage = ImageSpec(packages=x)\n';
    const found = readPython(source, 'a.py', { budget: new Budget(3) });
    expect(found.specs.every(({ spec }) => spec === undefined)).toBe(true);
    expect(found.errors.at(-1)?.message).toContain('too much work');
  });

  it('never throws, whatever the text', () => {
    const fragment = fc.constantFrom(
      ...files.flatMap((name) => read(name).split(/(?<=[\n(),=])/)),
      '"',
      '"""',
      '\\',
      '\0',
      '\ud800',
      '    ',
      'f"{',
      '}',
    );
    const text = fc.array(fc.oneof(fragment, fc.string({ maxLength: 4 })), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(text, (parts) => {
        const found = readPython(parts.join(''), 'a.py');
        expect(JSON.parse(JSON.stringify(found))).toEqual(found);
        for (const { image } of found.tasks) {
          if (image.kind === 'spec') {
            expect(found.specs[image.index]).toBeDefined();
          }
        }
      }),
      { numRuns: 400, seed: 11 },
    );
  });

  it('leaves the prototypes of objects alone', () => {
    readPython(read('prototype-names.py'), '__proto__.py');
    expect(Object.keys(Object.prototype)).toEqual([]);
  });
});

describe('the name of the module', () => {
  it.each([
    ['train.py', 'train'],
    ['workflows/train.py', 'workflows.train'],
    ['./workflows\\train.py', 'workflows.train'],
    ['workflows/__init__.py', 'workflows'],
    ['../../etc/passwd', 'etc.passwd'],
    ['my file.py', 'module'],
    ['', 'module'],
  ])('%s is %s', (fileName, expected) => {
    expect(readPython('', fileName).module).toBe(expected);
  });
});

function measure(source: string): { work: number; answer: string } {
  const budget = new Budget(4_000_000);
  const found = readPython(source, 'a.py', { budget });
  return { work: budget.spent, answer: JSON.stringify(found) };
}
