import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { ABILITIES, canDo } from './engine-abilities';
import { ABILITY_WORDS } from './engine-words';

/** The engines of the table, each with the versions at which it learns something. */
const COLUMNS = [
  ['Docker', 'docker', ['20.10', '23.0']],
  ['Podman', 'podman', ['4.3', '5.0', '5.8']],
  ['BuildKit', 'buildkit', ['0.13']],
  ['Classic', 'docker-classic', ['20.10']],
] as const;

function cell(
  kind: (typeof COLUMNS)[number][1],
  versions: readonly string[],
  ability: (typeof ABILITIES)[number],
): string {
  const first = versions.findIndex((version) =>
    canDo({ kind, version }, ability),
  );
  if (first < 0) return 'no';
  return first === 0 ? 'yes' : `from ${versions[first] ?? ''}`;
}

it('docs/engines.md has the table of abilities', () => {
  const doc = readFileSync(
    path.join(import.meta.dirname, '../../docs/engines.md'),
    'utf8',
  );
  const [, table = ''] =
    /<!-- engines:begin -->\n([^]*)<!-- engines:end -->/.exec(doc) ?? [];
  const cells = table
    .trim()
    .split('\n')
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((each) => each.trim()),
    );
  expect(cells.filter(([first]) => !first?.startsWith('---'))).toEqual([
    ['It can', ...COLUMNS.map(([name]) => name)],
    ...ABILITIES.map((ability) => [
      ABILITY_WORDS[ability].can,
      ...COLUMNS.map(([, kind, versions]) => cell(kind, versions, ability)),
    ]),
  ]);
});
