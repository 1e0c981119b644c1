import { expect, it } from 'vitest';
import { judgePassword } from '@/components/auth/password-strength';

it.each([
  ['nothing', '', 0, 'At least 10 characters.'],
  ['one character too few', 'abkdwqzrt', 0, '1 more character.'],
  ['a short one', 'x9!', 0, '7 more characters.'],
  ['the word itself', 'password12', 1, 'Easy to guess.'],
  ['the word itself, decorated', 'Passw0rd!!', 1, 'Easy to guess.'],
  ['the keyboard', 'qwertyuiop', 1, 'Easy to guess.'],
  ['one character over and over', 'aaaaaaaaaaaaaaaa', 1, 'Easy to guess.'],
  ['two characters in turn', 'ababababababab', 1, 'Easy to guess.'],
  ['digits in order', '1234567890', 1, 'Easy to guess.'],
  [
    'ten small letters',
    'ktrwqzmbdl',
    2,
    'Fair. A few more words make it strong.',
  ],
  ['ten of every kind', 'kT7!wQ-mb2', 3, 'Strong.'],
  ['four words', 'copper lantern drift maple', 3, 'Strong.'],
])('judges %s', (_, password, level, text) => {
  expect(judgePassword(password)).toEqual({ level, text });
});

it.each([
  ['the name', 'Ada Lovelace', 'lovelace2026'],
  ['the address', 'grace@example.com', 'grace.example1'],
])('finds %s in the password', (_, known, password) => {
  expect(judgePassword(password, [known])).toEqual({
    level: 1,
    text: 'Easy to guess from what you typed above.',
  });
});

it('does not mind a short name inside a word', () => {
  expect(judgePassword('copper lantern drift maple', ['Ann', 'an']).level).toBe(
    3,
  );
});
