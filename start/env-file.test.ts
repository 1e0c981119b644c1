import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { parseEnvFile, withEnvFile } from './env-file.js';

it.each([
  ['PORT=4000', { PORT: '4000' }],
  ['  PORT = 4000  ', { PORT: '4000' }],
  ['export PORT=4000', { PORT: '4000' }],
  ['PORT=4000 # the port', { PORT: '4000' }],
  [
    'URL=postgresql://a:b#c@example.com/d',
    { URL: 'postgresql://a:b#c@example.com/d' },
  ],
  ['NAME="a # b" # c', { NAME: 'a # b' }],
  ["NAME='$HOME'", { NAME: '$HOME' }],
  ['# PORT=4000', {}],
  ['PORT=', { PORT: '' }],
  ['A=1\r\nB=2', { A: '1', B: '2' }],
  ['no assignment', {}],
])('reads %j', (text, values) => {
  expect(parseEnvFile(text)).toEqual(values);
});

it('lets the environment win, and does without the file', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'imageyard-env-'));
  const file = path.join(folder, '.env');
  try {
    expect(withEnvFile({ A: 'set' }, file)).toEqual({ A: 'set' });
    writeFileSync(file, 'A=file\nB=file\n');
    expect(withEnvFile({ A: 'set' }, file)).toEqual({ A: 'set', B: 'file' });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
