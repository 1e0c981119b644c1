import { expect, it } from 'vitest';
import { CHECKS, Finding, worstOf } from '@/lib/build/doctor';
import { FINDING_CODES, findingWords } from '@/lib/build/doctor-words';

const finding = (key: string, facts: Finding['facts'] = {}) => {
  const [check, code] = key.split('.');
  return Finding.parse({
    check,
    code,
    state: 'warn',
    subject: 'r.example.com',
    facts,
  });
};

it('has words for every check', () => {
  const covered = new Set(FINDING_CODES.map((key) => key.split('.')[0]));
  expect([...covered].sort()).toEqual([...CHECKS].sort());
});

it.each(FINDING_CODES)('says %s without a gap', (key) => {
  const facts = {
    version: 'Docker 28',
    reason: 'It is so.',
    limit: '2MiB',
    freeBytes: 3 * 1024 ** 3,
    cacheBytes: 1024 ** 3,
    skewMs: -61_000,
    fault: 'expired',
  };
  const { title, explanation } = findingWords(finding(key, facts));
  expect(`${title} ${explanation}`).not.toMatch(
    /undefined|NaN|null|unknown GiB/,
  );
});

it('says how far a clock is off, and which way', () => {
  expect(findingWords(finding('clock.wrong', { skewMs: -61_000 })).title).toBe(
    'The clock is 61 s behind',
  );
});

it('names what it does not know by its code', () => {
  expect(findingWords(finding('disk.on_fire')).title).toBe(
    'r.example.com: on fire',
  );
});

it('tells the worst', () => {
  expect(worstOf([])).toBe('good');
  expect(
    worstOf([finding('disk.low'), { ...finding('disk.low'), state: 'bad' }]),
  ).toBe('bad');
});
