import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { elfArchitecture } from '@/worker/engine-docker/platform';

function elf(machine: number, isBigEndian = false): Buffer {
  const header = Buffer.alloc(64);
  header.write('\x7fELF', 'latin1');
  header[5] = isBigEndian ? 2 : 1;
  if (isBigEndian) header.writeUInt16BE(machine, 18);
  else header.writeUInt16LE(machine, 18);
  return header;
}

describe('elfArchitecture', () => {
  it.each([
    [62, 'amd64'],
    [183, 'arm64'],
    [40, 'arm'],
    [3, '386'],
    [21, 'ppc64le'],
    [243, 'riscv64'],
    [9999, null],
  ])('machine %i is %s', (machine, architecture) => {
    expect(elfArchitecture(elf(machine))).toBe(architecture);
  });

  it('reads the other byte order', () => {
    expect(elfArchitecture(elf(22, true))).toBe('s390x');
  });

  it.each([
    ['a script', Buffer.from('#!/bin/sh\nexec something-else\n')],
    ['too short', elf(62).subarray(0, 10)],
    ['nothing', Buffer.alloc(0)],
  ])('says nothing about %s', (_name, bytes) => {
    expect(elfArchitecture(bytes)).toBeNull();
  });

  it('knows what this test itself runs on', () => {
    const names: Record<string, string> = { x64: 'amd64', arm64: 'arm64' };
    const header =
      process.platform === 'linux'
        ? readFileSync(process.execPath).subarray(0, 64)
        : elf(process.arch === 'x64' ? 62 : 183);
    expect(elfArchitecture(header)).toBe(names[process.arch]);
  });
});
