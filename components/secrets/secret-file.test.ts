import { describe, expect, it } from 'vitest';
import {
  nameAfterFile,
  readSecretFile,
} from '@/components/secrets/secret-file';
import { SecretName } from '@/lib/imagespec/secrets';

describe('readSecretFile', () => {
  it.each([
    ['plain text', 'machine index.example.com\n'],
    ['text beyond ASCII', 'pässword-🗝\n'],
    ['a byte order mark, kept', '\uFEFF[global]'],
    ['nothing', ''],
    ['exactly 64 KiB', 'x'.repeat(64 * 1024)],
  ])('reads %s', async (_, text) => {
    expect(await readSecretFile(new Blob([text]))).toEqual({ text });
  });

  it.each([
    ['too large', new Blob(['x'.repeat(64 * 1024 + 1)]), /larger than 64 KiB/],
    ['no text', new Blob([new Uint8Array([0xff, 0xfe, 0x00])]), /UTF-8/],
  ])('refuses a file that is %s', async (_, file, fault) => {
    expect(await readSecretFile(file)).toEqual({
      fault: expect.stringMatching(fault) as string,
    });
  });
});

describe('nameAfterFile', () => {
  it.each([
    ['.netrc', '.netrc'],
    ['pip.conf', 'pip.conf'],
    ['my token (1).txt', 'my-token-1-.txt'],
    ['..hidden', '.hidden'],
    ['-dash', 'dash'],
    [`${'a'.repeat(200)}.txt`, 'a'.repeat(100)],
  ])('%s becomes %s, which a secret can be called', (fileName, name) => {
    expect(nameAfterFile(fileName)).toBe(name);
    expect(SecretName.safeParse(name).success).toBe(true);
  });
});
