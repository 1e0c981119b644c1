import { describe, expect, it } from 'vitest';
import { groupTags } from '@/components/specs/tag-groups';
import { parseImageSpec } from '@/lib/imagespec/schema';
import { tagsOfRevision } from '@/lib/imagespec/releases/revision-tags';

function groupsOf(fields: object, requirements: string | null = null) {
  const revision = {
    fields: parseImageSpec(fields),
    digests: {},
    requirements,
  };
  return groupTags(tagsOfRevision(revision, { isArm64: false }));
}

describe('groupTags', () => {
  it('shows each tag once, newest first, with what made it another', () => {
    const groups = groupsOf({});
    expect(groups.map(({ since }) => since)).toEqual([
      '1.15.3',
      '1.15.1',
      '1.13.5',
      '1.13.1',
      '1.12.0',
      '1.11.0',
      '1.10.7',
      '1.10.3',
      '1.10.0',
    ]);
    expect(groups[0]?.why).toEqual([
      "1.15.1 and 1.15.2 hash the builder, 'default' here, named or not.",
      'Since 1.15.3 the builder is not hashed.',
    ]);
    expect(groups.at(-1)?.why).toEqual([]);
  });

  it('joins the releases that lack a field', () => {
    const groups = groupsOf({ copy: ['a'] });
    expect(groups.map(({ since, outcome }) => [since, outcome.kind])).toEqual([
      ['1.13.6', 'unknown'],
      ['1.10.0', 'refused'],
    ]);
  });

  it('takes the requirements of old releases from their text', () => {
    const groups = groupsOf({ requirements: 'r.txt' }, 'pandas\n');
    expect(groups.map(({ outcome }) => outcome.kind)).toContain('tag');
    expect(groups[0]?.outcome.kind).toBe('unknown');
  });
});
