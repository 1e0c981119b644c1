import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const ROOT = path.join(import.meta.dirname, '..');
const read = (name: string) => readFileSync(path.join(ROOT, name), 'utf8');

// What the system, npm or Next set; people do not set it for us.
const AMBIENT = [
  'HOME',
  'INIT_CWD',
  'NODE_ENV',
  'PATH',
  'XDG_DATA_HOME',
  'XDG_RUNTIME_DIR',
];

const matches = (text: string, pattern: RegExp) =>
  [...text.matchAll(pattern)].map(([, name]) => name);

const documented = matches(read('.env.example'), /^#?([A-Z_]+)=/gm);

const readers = [
  'worker/env.ts',
  'worker/docker-connection.ts',
  'worker/buildkit-connection.ts',
  ...readdirSync(path.join(ROOT, 'start'))
    .filter((name) => name.endsWith('.js'))
    .map((name) => `start/${name}`),
];

const used = new Set([
  ...matches(read('lib/env.ts'), /^ {2}([A-Z_]+):/gm),
  ...readers.flatMap((name) => matches(read(name), /\benv\.([A-Z][A-Z_]+)/g)),
]);

it('every variable that is read is explained, and every explained one is read', () => {
  const read = [...used].filter(
    (name) => name !== undefined && !AMBIENT.includes(name),
  );
  expect([...documented].sort()).toEqual(read.sort());
});

it('each has one line that says what it is', () => {
  const blocks = read('.env.example').trim().split('\n\n').slice(1);
  expect(blocks).toHaveLength(documented.length);
  for (const block of blocks)
    expect(block).toMatch(/^# [^\n]+\.\n#[A-Z_]+=\S+$/);
});
