import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const folder = mkdtempSync(path.join(tmpdir(), 'imageyard-key-'));
writeFileSync(path.join(folder, 'key'), Buffer.alloc(32, 7).toString('base64'));
process.env.IMAGEYARD_DATA = folder;
process.env.DATABASE_URL = 'postgresql://nobody@localhost/none';
const { hashToken, open, randomToken, seal, sealingKeyId, sessionSecret } =
  await import('@/lib/crypto');

afterAll(() => rmSync(folder, { recursive: true }));

const PLACE = { table: 'credentials', rowId: 'row', teamId: 'team' };

describe('sealing', () => {
  it('opens to the same text, and never seals the same way twice', () => {
    const first = seal('pass wörd', PLACE);
    expect(open(first, PLACE)).toBe('pass wörd');
    expect(seal('pass wörd', PLACE)).not.toBe(first);
    expect(first).toMatch(
      new RegExp(`^v1:${sealingKeyId()}:[\\w-]+:[\\w-]+:[\\w-]+$`),
    );
    expect(first).not.toContain(Buffer.from('pass').toString('base64url'));
  });

  it.each([
    ['another row', { ...PLACE, rowId: 'other' }],
    ['another team', { ...PLACE, teamId: 'other' }],
    ['another table', { ...PLACE, table: 'other' }],
  ])('does not open for %s', (_, place) => {
    const sealed = seal('secret', PLACE);
    expect(() => open(sealed, place)).toThrow(
      expect.objectContaining({ code: 'CREDENTIAL_SEALED' }) as Error,
    );
  });

  it.each([
    [
      'a changed text',
      (sealed: string) =>
        `${sealed.slice(0, -2)}${sealed.endsWith('AA') ? 'BB' : 'AA'}`,
    ],
    [
      'another key',
      (sealed: string) => sealed.replace(sealingKeyId(), '00000000'),
    ],
    ['another version', (sealed: string) => sealed.replace('v1', 'v2')],
    ['no sealed text at all', () => 'secret'],
  ])('does not open %s', (_, change) => {
    const sealed = seal('a secret of some length', PLACE);
    expect(() => open(change(sealed), PLACE)).toThrow(
      expect.objectContaining({ code: 'CREDENTIAL_SEALED' }) as Error,
    );
  });
});

describe('keys and tokens', () => {
  it('derives the session secret apart from the sealing key', () => {
    expect(Buffer.from(sessionSecret(), 'base64')).toHaveLength(32);
    expect(sessionSecret()).not.toBe(Buffer.alloc(32, 7).toString('base64'));
  });

  it('makes tokens of 256 bits that need no escaping', () => {
    const token = randomToken();
    expect(token).toMatch(/^[\w-]{43}$/);
    expect(hashToken(token)).toMatch(/^[0-9a-f]{64}$/);
  });
});
