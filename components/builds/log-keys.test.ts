import { describe, expect, it } from 'vitest';
import { commandOf } from '@/components/builds/log-keys';

const press = (
  key: string,
  held: 'ctrlKey' | 'metaKey' | 'altKey' | null = null,
) => ({
  key,
  ctrlKey: held === 'ctrlKey',
  metaKey: held === 'metaKey',
  altKey: held === 'altKey',
});

describe('commandOf', () => {
  it.each([
    ['/', null, 'search'],
    ['f', 'ctrlKey', 'search'],
    ['f', 'metaKey', 'search'],
    ['f', null, 'follow'],
    ['n', null, 'next'],
    ['N', null, 'previous'],
    ['p', null, 'previous'],
    ['[', null, 'fold'],
    [']', null, 'unfold'],
    ['?', null, 'help'],
    ['w', 'ctrlKey', null],
    ['n', 'altKey', null],
    ['x', null, null],
    ['toString', null, null],
  ] as const)('%s with %s means %s', (key, held, command) => {
    expect(commandOf(press(key, held), false)).toBe(command);
  });

  it('leaves what is typed into a field alone, but for the search', () => {
    expect(commandOf(press('n'), true)).toBeNull();
    expect(commandOf(press('Escape'), true)).toBeNull();
    expect(commandOf(press('f', 'ctrlKey'), true)).toBe('search');
  });
});
