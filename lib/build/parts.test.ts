import { describe, expect, it } from 'vitest';
import { partTag } from '@/lib/build/part-tag';
import { followingStates } from '@/lib/build/parts';
import { type BuildState, canMove } from '@/lib/build/state';

const states = (text: string) =>
  text.split(' ').map((state) => ({ state: state as BuildState }));

describe('what a build does while its parts go on', () => {
  it.each<[string, BuildState, string, BuildState[]]>([
    ['waits while they wait', 'queued', 'queued queued', []],
    ['is claimed with the first', 'queued', 'queued claimed', ['claimed']],
    [
      'builds with the first, passing what it missed',
      'queued',
      'queued building',
      ['claimed', 'building'],
    ],
    ['does not push before each does', 'building', 'pushing building', []],
    ['pushes when each does', 'building', 'published pushing', ['pushing']],
    [
      'is verified when each is published',
      'building',
      'published published',
      ['pushing', 'verifying'],
    ],
    ['goes on while one waits again', 'building', 'queued published', []],
    ['waits again when all do', 'building', 'queued queued', ['queued']],
    ['fails with one', 'pushing', 'failed pushing', ['failed']],
    ['fails before it began', 'queued', 'queued failed', ['failed']],
    [
      'times out with one, though it never heard of its claim',
      'queued',
      'queued timed_out',
      ['claimed', 'timed_out'],
    ],
    ['is lost with one', 'building', 'lost published', ['lost']],
    [
      'fails for what failed, not for what was stopped',
      'building',
      'cancelled failed',
      ['failed'],
    ],
    ['stops only with the last', 'cancelling', 'cancelled cancelling', []],
    [
      'is cancelled with the last',
      'cancelling',
      'cancelled failed',
      ['cancelled'],
    ],
    [
      'is published when the cancel came too late for all',
      'cancelling',
      'published published',
      ['verifying'],
    ],
    ['never leaves a final state', 'failed', 'published published', []],
    ['has no parts', 'queued', '', []],
  ])('%s', (_, now, parts, expected) => {
    const found = followingStates(now, parts === '' ? [] : states(parts));
    expect(found).toEqual(expected);
    for (const [at, to] of found.entries())
      expect(canMove(found[at - 1] ?? now, to)).toBe(true);
  });
});

describe('the tag of a part', () => {
  it('names the platform', () => {
    expect(partTag('1.4', 'linux/arm64')).toBe('1.4-linux-arm64');
    expect(partTag('1.4', 'linux/arm/v6')).toBe('1.4-linux-arm-v6');
  });

  it('is a tag however long the whole one is, and another for another', () => {
    const [a, b] = ['a', 'b'].map((end) =>
      partTag('x'.repeat(127) + end, 'linux/arm64'),
    );
    expect(a).toMatch(/^[\w][\w.-]{0,127}$/);
    expect(a?.endsWith('-linux-arm64')).toBe(true);
    expect(a).not.toBe(b);
  });
});
