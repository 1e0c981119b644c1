import { describe, expect, it } from 'vitest';
import {
  BUILD_STATES,
  canCancel,
  canMove,
  isLeased,
  isMoving,
} from '@/lib/build/state';

describe('the state machine of a build', () => {
  it('never leaves a final state', () => {
    const final = BUILD_STATES.filter((state) => !isMoving(state));
    expect(final).toEqual([
      'published',
      'cancelled',
      'failed',
      'timed_out',
      'lost',
    ]);
    for (const from of final)
      for (const to of BUILD_STATES) expect(canMove(from, to)).toBe(false);
  });

  it('publishes only what was verified, or was there already', () => {
    expect(BUILD_STATES.filter((from) => canMove(from, 'published'))).toEqual([
      'queued',
      'verifying',
    ]);
  });

  it('queues again only before a push', () => {
    expect(BUILD_STATES.filter((from) => canMove(from, 'queued'))).toEqual([
      'claimed',
      'building',
    ]);
  });

  it('can be cancelled until the digest is in the registry', () => {
    expect(BUILD_STATES.filter(canCancel)).toEqual([
      'queued',
      'claimed',
      'building',
      'pushing',
      'cancelling',
    ]);
  });

  it('holds a lease while a worker has it', () => {
    expect(BUILD_STATES.filter(isLeased)).toEqual([
      'claimed',
      'building',
      'pushing',
      'cancelling',
    ]);
  });
});
