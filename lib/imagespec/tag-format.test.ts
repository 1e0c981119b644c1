import { describe, expect, it } from 'vitest';
import { SpecError } from './errors';
import { formatTag } from './tag-format';

describe('formatTag', () => {
  it.each([
    ['{spec_hash}', 'abcdef'],
    ['v{{x}}-{spec_hash:.3}', 'v{x}-abc'],
    ['{spec_hash:>8}', '  abcdef'],
    ['{spec_hash:*^9}', '*abcdef**'],
    ['{spec_hash!r}', "'abcdef'"],
    ['{spec_hash!a:9}', "'abcdef' "],
    ['{spec_hash:08}', 'abcdef00'],
    ['{spec_hash:é<8s}', 'abcdeféé'],
    ['{spec_hash:.0}', ''],
    ['latest', 'latest'],
    ['{spec_hash:٨}|{spec_hash:.٣}', 'abcdef  |abc'],
    ['{spec_hash[१]}', 'b'],
    ['{spec_hash[0]}{spec_hash[5]!r:>4}', "a 'f'"],
    ['{spec_hash[1][0]}', 'b'],
    ['{spec_hash:{spec_hash:.0}>8}', '  abcdef'],
    ['{spec_hash:200}', 'abcdef'.padEnd(200)],
  ])('%s', (pattern, expected) => {
    expect(formatTag(pattern, 'abcdef')).toBe(expected);
  });

  it.each([
    '{',
    '}',
    '{}',
    '{0}',
    '{hash}',
    '{spec_hash',
    '{spec_hash!x}',
    '{spec_hash!}',
    '{spec_hash:d}',
    '{spec_hash:=5}',
    '{spec_hash:+}',
    '{spec_hash:5.}',
    '{spec_hash.x}',
    '{spec_hash[6]}',
    '{spec_hash[-1]}',
    '{spec_hash[x]}',
    '{spec_hash:{spec_hash}}',
    '{spec_hash:{spec_hash:{spec_hash:.0}}}',
    '{spec_hash:}>30}',
    '{spec_hash:999999999}',
    '{ spec_hash}',
  ])('refuses %s', (pattern) => {
    expect(() => formatTag(pattern, 'abcdef')).toThrow(SpecError);
  });
});
