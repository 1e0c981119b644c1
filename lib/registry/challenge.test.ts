import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeScopes, parseChallenges, repositoryScope } from './challenge';
import { checkChallengeVectors } from './testing/challenge-vectors';

const VECTORS: unknown = JSON.parse(
  readFileSync(new URL('./testdata/challenge.json', import.meta.url), 'utf8'),
);

describe('the shared challenge vectors', () => {
  const checked = checkChallengeVectors(VECTORS);

  it('are 36', () => {
    expect(checked).toHaveLength(36);
  });

  it.each(checked.map((vector) => [vector.name, vector] as const))(
    'reads: %s',
    (_, { differences }) => {
      expect(differences).toEqual([]);
    },
  );
});

describe('parseChallenges', () => {
  it.each([
    [
      'an unquoted URL',
      'Bearer realm=https://a.example/t,service=s',
      { realm: 'https://a.example/t', service: 's' },
    ],
    [
      'a repeated scope, which is joined',
      'Bearer realm="/t",scope="a",scope="b"',
      { realm: '/t', scope: 'a b' },
    ],
    [
      'a repeated realm, of which the first counts',
      'Bearer realm="/1",realm="/2"',
      { realm: '/1' },
    ],
  ])('reads %s and flags it', (_, header, params) => {
    expect(parseChallenges(header)).toEqual({
      challenges: [{ scheme: 'bearer', params }],
      malformed: true,
    });
  });

  it('keeps a parameter named __proto__ away from the prototype', () => {
    const [challenge] = parseChallenges(
      'Bearer __proto__="x",realm="/t"',
    ).challenges;
    expect(Object.keys(challenge?.params ?? {})).toEqual([
      '__proto__',
      'realm',
    ]);
    expect(Object.getPrototypeOf(challenge?.params)).toBeNull();
  });

  it('ends on any text', () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom('a', '=', '"', ',', ' ', '\\', '\t', '/', 'é'),
        }),
        (text) => {
          expect(Array.isArray(parseChallenges(text).challenges)).toBe(true);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('mergeScopes', () => {
  it.each([
    [
      [['repository:a/b:pull'], ['repository:a/b:pull,push']],
      ['repository:a/b:pull,push'],
    ],
    [
      [['repository:new:pull'], ['repository:old:pull']],
      ['repository:new:pull', 'repository:old:pull'],
    ],
    [
      [['aws'], ['*'], ['aws']],
      ['aws', '*'],
    ],
    [
      [['repository:host:5000/a:pull'], ['repository:host:5000/a:push']],
      ['repository:host:5000/a:pull,push'],
    ],
    [[['registry:catalog:*']], ['registry:catalog:*']],
  ])('merges %j', (lists, expected) => {
    expect(mergeScopes(...lists)).toEqual(expected);
  });

  it('names the actions of a repository', () => {
    expect(repositoryScope('acme/etl', ['pull', 'push'])).toBe(
      'repository:acme/etl:pull,push',
    );
  });
});
