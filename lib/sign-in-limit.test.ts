import { expect, it } from 'vitest';
import { allowSignIn, clearSignIns } from '@/lib/sign-in-limit';

const MINUTE = 60_000;

it('closes an address after ten failures, until 15 minutes have passed', () => {
  const tries = Array.from({ length: 11 }, (_, index) =>
    allowSignIn('a@example.com', index),
  );
  expect(tries).toEqual([...Array.from({ length: 10 }, () => true), false]);
  expect(allowSignIn('b@example.com', 11)).toBe(true);
  expect(allowSignIn('a@example.com', 16 * MINUTE)).toBe(true);
});

it('forgets failures after a success', () => {
  for (let index = 0; index < 10; index += 1)
    allowSignIn('c@example.com', index);
  clearSignIns('c@example.com');
  expect(allowSignIn('c@example.com', 11)).toBe(true);
});
