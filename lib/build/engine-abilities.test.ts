import { describe, expect, it } from 'vitest';
import { type Ability, canDo } from './engine-abilities';
import type { ENGINE_KINDS } from './protocol';

type Kind = (typeof ENGINE_KINDS)[number];

describe('canDo', () => {
  it.each<[Kind, string, Ability, boolean]>([
    ['docker', '20.10.24+dfsg1', 'heredoc', false],
    ['docker', '23.0.0', 'heredoc', true],
    ['docker', '29.1', 'copyLink', true],
    ['docker', '20.10.24', 'secretMount', true],
    ['docker', 'unheard of', 'heredoc', false],
    ['docker-classic', '28.5.2', 'heredoc', false],
    ['docker-classic', '20.10.24', 'secretMount', false],
    ['podman', '4.3.1', 'heredoc', false],
    ['podman', '5.4.2', 'heredoc', true],
    ['podman', '5.4.2', 'copyLink', false],
    ['podman', '5.8.0', 'copyLink', true],
    ['podman', '5.4.2', 'stopsCommand', false],
    ['buildkit', 'v0.13.2', 'heredoc', true],
  ])('%s %s, %s: %s', (kind, version, ability, expected) => {
    expect(canDo({ kind, version }, ability)).toBe(expected);
  });
});
