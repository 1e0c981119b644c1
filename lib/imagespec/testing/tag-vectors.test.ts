import { describe, expect, it } from 'vitest';
import { checkTagVectors } from './tag-vectors';

const FILES = {
  'single.txt': { utf8: 'solo\n' },
  'flatdir/a.txt': { utf8: 'A' },
  'flatdir/b.txt': { utf8: 'B' },
};
const RELEASES = '1.10.0, 1.10.3, 1.11.0, 1.12.0, 1.13.6, 1.15.1, 1.15.4';

type Entry = { since: string; tag?: string; error?: string };

/** What differs of one vector whose answers are `entries`; the newest answer counts for today's releases, too. */
function differencesOf(
  kwargs: Record<string, unknown>,
  entries: readonly Entry[],
  files: Record<string, unknown> = FILES,
): string[] {
  const { tag, error } = entries.at(-1) ?? {};
  const vector = { id: 'one', kwargs, tag, error, by_version: entries };
  const text = JSON.stringify({
    conventions: { by_version: `tested: ${RELEASES}` },
    files,
    vectors: [vector],
  });
  return checkTagVectors(text).flatMap(({ differences }) =>
    differences.map(({ what, got }) => `${what}: ${got ?? ''}`),
  );
}

// The answers are those of the real releases.
const NO_COPY_FIELD = { since: '1.10.0', error: 'TypeError' };
const NOTHING_COPIED = [
  NO_COPY_FIELD,
  { since: '1.13.6', tag: 'DHdWU0DlMTpsn4aI2ZkNcA' },
  { since: '1.15.1', tag: 'KflGQUMkgaH3J3JrgZ1nLw' },
  { since: '1.15.4', tag: 'DHdWU0DlMTpsn4aI2ZkNcA' },
];

describe('checkTagVectors', () => {
  it.each([['single.txt/.'], ['single.txt/'], ['']])(
    'takes %j under copy for no file, as Python does',
    (entry) => {
      expect(differencesOf({ copy: [entry] }, NOTHING_COPIED)).toEqual([]);
      expect(
        differencesOf({ copy: ['single.txt'] }, NOTHING_COPIED),
      ).not.toEqual([]);
    },
  );
});
