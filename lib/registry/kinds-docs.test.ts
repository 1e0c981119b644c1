import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { KINDS } from './kinds';
import { REGISTRY_KINDS } from './schema';

const doc = readFileSync(
  path.join(import.meta.dirname, '../../docs/registries.md'),
  'utf8',
);
/** The text below each heading of a kind, by its heading. */
const sections = new Map(
  doc.split(/^## /m).map((section) => {
    const [heading = '', ...lines] = section.split('\n');
    return [heading, lines.join('\n')] as const;
  }),
);

const NOT_RUN =
  /^Not run against the real service\. Source: .+, read on \d{4}-\d{2}-\d{2}\.$/m;
// What serves as the real one in the tests is named instead.
const RUN = /^Run against the real thing: /m;

it.each(REGISTRY_KINDS.map((kind) => [KINDS[kind].name, kind] as const))(
  'the section on %s says what it rests on, and when that was read',
  (name, kind) => {
    expect(sections.get(name)).toMatch(kind === 'generic' ? RUN : NOT_RUN);
  },
);
