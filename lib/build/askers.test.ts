import { expect, it } from 'vitest';
import { goesOnWithout, hasWithdrawn } from './askers';

const asker = (userId: string, isGone = false) => ({
  userId,
  name: userId,
  hasWithdrawn: isGone,
});

it.each([
  ['nobody asked', [], false, false],
  ['only they asked', [asker('ada')], false, false],
  ['somebody else asked, too', [asker('ada'), asker('bob')], true, false],
  ['only others asked', [asker('bob')], false, false],
  ['the others withdrew', [asker('ada'), asker('bob', true)], false, false],
  ['they withdrew already', [asker('ada', true), asker('bob')], true, true],
  ['all withdrew', [asker('ada', true), asker('bob', true)], false, false],
])('knows what a cancel means when %s', (_, askers, goesOn, isGone) => {
  expect(goesOnWithout('ada', askers)).toBe(goesOn);
  expect(hasWithdrawn('ada', askers)).toBe(isGone);
});
