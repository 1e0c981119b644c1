import { describe, expect, it } from 'vitest';
import {
  CreateEnrolment,
  SetRegistryBuilds,
  WorkerLabels,
} from '@/lib/build/worker-forms';

describe('labels as typed', () => {
  it.each([
    ['', []],
    ['gpu', ['gpu']],
    [' office,  gpu\nbig.disk gpu', ['big.disk', 'gpu', 'office']],
  ])('reads %j', (text, labels) => {
    expect(WorkerLabels.parse(text)).toEqual(labels);
  });

  it.each(['GPU', 'a_', '-a', 'ä', 'a'.repeat(41), 'x;y', "o'hara"])(
    'refuses %j',
    (text) => {
      expect(WorkerLabels.safeParse(text).success).toBe(false);
    },
  );

  it('refuses more than twenty', () => {
    const many = Array.from({ length: 21 }, (_, n) => `l${n}`).join(' ');
    expect(WorkerLabels.safeParse(many).error?.issues[0]?.message).toBe(
      'At most 20 labels.',
    );
  });
});

describe('a worker as typed', () => {
  const typed = { name: 'b', labels: '', isReserved: false, slots: '4' };
  it('has a number of slots', () => {
    expect(CreateEnrolment.parse(typed).slots).toBe(4);
    for (const slots of ['', '0', '33', '1.5', 'two'])
      expect(CreateEnrolment.safeParse({ ...typed, slots }).success).toBe(
        false,
      );
  });

  it('needs a label to be reserved for', () => {
    const { error } = CreateEnrolment.safeParse({ ...typed, isReserved: true });
    expect(error?.issues[0]?.path).toEqual(['labels']);
  });
});

it('reads no limit of a registry as none', () => {
  const registryId = '018f8c5e-0000-7000-8000-000000000000';
  const read = (maxBuilds: unknown) =>
    SetRegistryBuilds.safeParse({ registryId, labels: '', maxBuilds }).data
      ?.maxBuilds;
  expect(read('')).toBeNull();
  expect(read('2')).toBe(2);
  expect(read('0')).toBeUndefined();
});
