import { describe, expect, it } from 'vitest';
import { RegistryError } from './errors';
import { isSameSite, type RealmQuestion, requireRealm } from './realm';

const ask = (question: Partial<RealmQuestion> & { realm: string }): string => {
  const registry = question.registry ?? 'registry.example.com';
  const requestUrl = new URL(`https://${registry}/v2/`);
  try {
    return requireRealm({
      registry,
      requestUrl,
      hasCredential: true,
      boundRealms: [],
      ...question,
    }).href;
  } catch (error) {
    if (error instanceof RegistryError) return error.code;
    throw error;
  }
};

describe('requireRealm', () => {
  it.each([
    [
      'the registry itself',
      'registry.example.com',
      'https://registry.example.com/token',
    ],
    [
      'another port of the registry',
      'registry.example.com:5000',
      'https://registry.example.com:5001/token',
    ],
    [
      'a sibling of the registry',
      'registry.example.com',
      'https://auth.example.com/token',
    ],
    ['Docker Hub’s token server', 'docker.io', 'https://auth.docker.io/token'],
    [
      'GitLab’s token server',
      'registry.gitlab.com',
      'https://gitlab.com/jwt/auth',
    ],
  ])('lets a password go to %s', (_, registry, realm) => {
    expect(ask({ registry, realm })).toBe(realm);
  });

  it('resolves a relative realm against the request', () => {
    expect(ask({ realm: '/token2' })).toBe(
      'https://registry.example.com/token2',
    );
  });

  it.each([
    [
      'a foreign host',
      'registry.example.com',
      'https://evil.example.org/token',
    ],
    [
      'a host that only ends like it',
      'registry.example.com',
      'https://notexample.com/token',
    ],
    [
      'a host that only begins like it',
      'registry.example.com',
      'https://registry.example.com.evil.org/token',
    ],
    [
      'a neighbour under a country’s second level',
      'registry.acme.co.uk',
      'https://evil.co.uk/token',
    ],
    [
      'a neighbour at a hosting provider',
      'acme.azurecr.io',
      'https://evil.azurecr.io/token',
    ],
    [
      'a neighbour in a cloud',
      '123456789012.dkr.ecr.eu-west-1.amazonaws.com',
      'https://evil.s3.amazonaws.com/token',
    ],
    ['another private address', '10.0.0.5:5000', 'https://10.0.0.6:5000/token'],
    [
      'a literal instead of the name',
      'registry.example.com',
      'https://[::1]/token',
    ],
    [
      'Docker Hub’s token server from elsewhere',
      'registry.example.com',
      'https://auth.docker.io/token',
    ],
  ])('does not let a password go to %s', (_, registry, realm) => {
    expect(ask({ registry, realm })).toBe('REGISTRY_REALM_UNBOUND');
  });

  it('lets a password go where the owner bound it, and to that origin only', () => {
    const boundRealms = ['https://login.example.org'];
    expect(
      ask({ realm: 'https://login.example.org/token', boundRealms }),
    ).toContain('login.example.org');
    expect(
      ask({ realm: 'https://login.example.org:8443/token', boundRealms }),
    ).toBe('REGISTRY_REALM_UNBOUND');
  });

  it('names the origin it would need to ask the owner about, without path or query', () => {
    const question = {
      realm: 'https://evil.example.org/token?x=1',
      registry: 'ghcr.io',
      hasCredential: true,
      boundRealms: [],
    };
    expect(() =>
      requireRealm({ ...question, requestUrl: new URL('https://ghcr.io/v2/') }),
    ).toThrow(
      expect.objectContaining({
        facts: expect.objectContaining({
          realmOrigin: 'https://evil.example.org',
        }) as object,
      }) as Error,
    );
  });

  it.each([
    [
      'http under an https registry',
      'http://registry.example.com/token',
      'REGISTRY_BLOCKED',
    ],
    [
      'user info',
      'https://user:pass@registry.example.com/token',
      'REGISTRY_BLOCKED',
    ],
    ['no URL', 'https://', 'REGISTRY_INVALID_ANSWER'],
    ['another scheme', 'file:///etc/passwd', 'REGISTRY_INVALID_ANSWER'],
    ['a script', 'javascript:alert(1)', 'REGISTRY_INVALID_ANSWER'],
  ])(
    'refuses a realm with %s, for anonymous requests too',
    (_, realm, code) => {
      expect(ask({ realm })).toBe(code);
      expect(ask({ realm, hasCredential: false })).toBe(code);
    },
  );

  it('lets an anonymous request ask any https realm', () => {
    expect(
      ask({ realm: 'https://tokens.example.org/t', hasCredential: false }),
    ).toContain('tokens.example.org');
  });

  it('takes an http realm from a registry that is itself on http', () => {
    const realm = 'http://localhost:5000/token';
    expect(
      ask({
        realm,
        registry: 'localhost:5000',
        requestUrl: new URL('http://localhost:5000/v2/'),
      }),
    ).toBe(realm);
  });
});

describe('isSameSite', () => {
  it.each([
    ['a.example.com', 'b.example.com', true],
    ['example.com', 'auth.example.com', true],
    ['a.example.co.uk', 'b.example.co.uk', true],
    ['a.example.io', 'b.example.io', false],
    ['localhost', 'localhost', false],
    ['10.0.0.1', '10.0.0.1', false],
    ['a.example.com.', 'b.example.com.', false],
  ])('%s and %s: %s', (one, other, same) => {
    expect(isSameSite(one, other)).toBe(same);
  });
});
