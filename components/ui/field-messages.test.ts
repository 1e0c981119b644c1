import { describe, expect, it } from 'vitest';
import { messageAt, placeFieldErrors } from '@/components/ui/field-messages';

describe('messageAt', () => {
  const errors = {
    name: { type: 'too_small', message: 'Give it a name.' },
    packages: [undefined, { type: 'server', message: 'No such package.' }],
    env: { root: { message: 'At most 50.' } },
    copies: [{ target: { message: 'Must be absolute.' } }],
    empty: { type: 'x', message: '' },
    odd: { ref: { message: 'not this one' }, types: { message: 'nor this' } },
  };
  it.each([
    ['a field', 'name', 'Give it a name.'],
    ['an item of a list in one field', 'packages', 'Line 2: No such package.'],
    ['an item of a list by its own path', 'packages.1', 'No such package.'],
    ['a list as a whole', 'env', 'At most 50.'],
    ['a part of an item', 'copies', 'Line 1: Must be absolute.'],
    ['a field without error', 'host', undefined],
    ['a path below a field without error', 'host.port', undefined],
    ['an empty message', 'empty', undefined],
    ["the library's own handles", 'odd', undefined],
  ])('reads the message of %s', (_, name, message) => {
    expect(messageAt(errors, name)).toBe(message);
  });
});

describe('placeFieldErrors', () => {
  it.each([
    ['a field of that name', { host: 'Bad.' }, ['host'], { host: 'Bad.' }, []],
    [
      'the field above',
      { 'packages.2': 'Bad.' },
      ['packages'],
      { 'packages.2': 'Bad.' },
      [],
    ],
    [
      'the nearest field above',
      { 'env.2.key': 'Bad.' },
      ['env', 'env.2.key'],
      { 'env.2.key': 'Bad.' },
      [],
    ],
    [
      'nowhere when no field shows it',
      { token: 'Bad.' },
      ['host'],
      {},
      ['Bad.'],
    ],
    [
      'nowhere when only the beginning of the name is alike',
      { hostname: 'Bad.' },
      ['host'],
      {},
      ['Bad.'],
    ],
    [
      'nowhere when it belongs to the whole input',
      { '': 'Bad.' },
      ['host'],
      {},
      ['Bad.'],
    ],
  ])('puts a message to %s', (_, fields, names, placed, rest) => {
    expect(placeFieldErrors(fields, names)).toEqual({ placed, rest });
  });
});
