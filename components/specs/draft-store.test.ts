import { describe, expect, it } from 'vitest';
import { draftKey, parseDraft } from '@/components/specs/draft-store';
import { toSpecDraft } from '@/components/specs/spec-draft';

const draft = {
  base: 3,
  savedAt: '2026-11-23T10:00:00.000Z',
  values: toSpecDraft(null, [], null),
};

describe('parseDraft', () => {
  it('reads what was kept', () => {
    expect(parseDraft(JSON.stringify(draft))).toEqual(draft);
  });

  it('fills what an earlier release did not know', () => {
    const { copy: _, ...values } = draft.values;
    const kept = parseDraft(JSON.stringify({ ...draft, values }));
    expect(kept?.values.copy).toBe('');
  });

  it.each([
    ['nothing', null],
    ['no JSON', '{'],
    ['another shape', JSON.stringify({ ...draft, values: { name: 1 } })],
  ])('drops %s', (_, text) => {
    expect(parseDraft(text)).toBeNull();
  });
});

describe('draftKey', () => {
  it('keeps people and specs apart', () => {
    const keys = [
      draftKey('ada', 'x'),
      draftKey('ada', 'y'),
      draftKey('ada', null),
      draftKey('eve', 'x'),
    ];
    expect(new Set(keys).size).toBe(4);
  });
});
