import { describe, expect, it } from 'vitest';
import {
  chooseCredential,
  CredentialInput,
  type CredentialPurpose,
} from './credential';
import { expiryOf, tokenExpiry } from './credential-expiry';

function firstMessage(result: {
  error?: { issues: { message: string }[] } | undefined;
}): string | undefined {
  return result.error?.issues[0]?.message;
}

describe('CredentialInput', () => {
  it('removes the line break that pasting leaves, and nothing else', () => {
    const secret = CredentialInput.parse({
      method: 'password',
      username: 'robot$ci',
      password: ' a b \n',
    });
    expect(secret).toMatchObject({ username: 'robot$ci', password: ' a b ' });
  });

  it.each([
    [{ method: 'password', username: '', password: 'x' }, 'user name'],
    [{ method: 'password', username: 'a:b', password: 'x' }, 'colon'],
    [{ method: 'password', username: 'a', password: '' }, 'password'],
    [{ method: 'password', username: 'a', password: '\n' }, 'password'],
    [
      { method: 'password', username: 'a', password: 'x'.repeat(16_385) },
      '16,384',
    ],
  ])('refuses case %#', (input, message) => {
    expect(firstMessage(CredentialInput.safeParse(input))).toContain(message);
  });
});

describe('a token', () => {
  it.each(['identity_token', 'registry_token'] as const)(
    'of method %s needs no user name, and holds no spaces',
    (method) => {
      const token = { method, username: '', password: 'abc.def' };
      expect(CredentialInput.safeParse(token).success).toBe(true);
      expect(
        firstMessage(
          CredentialInput.safeParse({ ...token, password: 'abc def' }),
        ),
      ).toContain('spaces');
    },
  );
});

describe('chooseCredential', () => {
  const of = (...purposes: CredentialPurpose[]) =>
    purposes.map((purpose) => ({ purpose }));

  it.each([
    [of('push', 'pull', 'cluster'), 'push', 'push'],
    [of('push', 'pull', 'cluster'), 'pull', 'pull'],
    [of('push', 'pull', 'cluster'), 'cluster', 'cluster'],
    [of('push'), 'pull', 'push'],
    [of('pull'), 'push', null],
    [of('cluster'), 'pull', null],
    [of('push', 'pull'), 'cluster', null],
    [of(), 'pull', null],
  ] as const)('of %j for %s takes %s', (stored, purpose, chosen) => {
    expect(chooseCredential(stored, purpose)?.purpose ?? null).toBe(chosen);
  });
});

describe('expiryOf', () => {
  const token = (claims: object) =>
    ['{}', JSON.stringify(claims), 'signature']
      .map((part) => Buffer.from(part).toString('base64url'))
      .join('.');

  it('is the end of the day that was typed', () => {
    const input = { lastDay: '2027-03-01', password: token({ exp: 1 }) };
    expect(expiryOf(input)?.toISOString()).toBe('2027-03-01T23:59:59.000Z');
  });

  it('is what a token says of itself when nothing was typed', () => {
    const input = { lastDay: null, password: token({ exp: 1_800_000_000 }) };
    expect(expiryOf(input)?.toISOString()).toBe('2027-01-15T08:00:00.000Z');
  });

  it.each([
    ['a password', 'hunter2'],
    ['a password with dots', 'a.b.c'],
    ['a token without an end', token({ sub: 'robot' })],
    ['a token with an end that is no number', token({ exp: '1800000000' })],
    ['a token beyond the calendar', token({ exp: 1e300 })],
    ['a token that is null', ['', 'bnVsbA', ''].join('.')],
  ])('is unknown for %s', (_, text) => {
    expect(tokenExpiry(text)).toBeNull();
  });
});
