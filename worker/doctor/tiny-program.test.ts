import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import {
  PROGRAM_ARCHITECTURES,
  tinyProgram,
} from '@/worker/doctor/tiny-program';
import { elfArchitecture } from '@/worker/engine-docker/platform';

const run = promisify(execFile);
const text = Buffer.from('a line\n');

it.each(PROGRAM_ARCHITECTURES)('is a program for %s', (architecture) => {
  const program = tinyProgram(architecture, { text, times: 3, pauseMs: 1 });
  expect(elfArchitecture(program)).toBe(architecture);
  expect(program.subarray(-text.length)).toEqual(text);
});

it('has the words of arm64 where the processor expects them', () => {
  const program = tinyProgram('arm64', { text, times: 65_538, pauseMs: 0 });
  const code = program.subarray(120);
  const words = Array.from({ length: 17 }, (_, n) =>
    code.readUInt32LE(n * 4).toString(16),
  );
  expect(words).toEqual([
    'd2800053', // movz x19, #2
    'f2a00033', // movk x19, #1, lsl #16
    'd2800020', // movz x0, #1
    '10000261', // adr x1, #76
    'd28000e2', // movz x2, #7
    'f2a00002', // movk x2, #0, lsl #16
    'd2800808', // movz x8, #64
    'd4000001', // svc #0
    '10000140', // adr x0, #40
    'd2800001', // movz x1, #0
    'd2800ca8', // movz x8, #101
    'd4000001', // svc #0
    'f1000673', // subs x19, x19, #1
    '54fffea1', // b.ne #-44
    'd2800000', // movz x0, #0
    'd2800ba8', // movz x8, #93
    'd4000001', // svc #0
  ]);
});

it.runIf(process.arch === 'x64' && process.platform === 'linux')(
  'prints its text as often as it is told, and ends well',
  async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'imageyard-tiny-'));
    try {
      const file = path.join(folder, 'tiny');
      const program = tinyProgram('amd64', { text, times: 300, pauseMs: 1 });
      await writeFile(file, program, { mode: 0o755 });
      const { stdout } = await run(file);
      expect(stdout).toBe('a line\n'.repeat(300));
    } finally {
      await rm(folder, { recursive: true });
    }
  },
);
