import { describe, expect, it } from 'vitest';
import { Digest, RegistryHost, RegistryInput } from './schema';

function firstMessage(result: {
  error?: { issues: { message: string }[] } | undefined;
}): string | undefined {
  return result.error?.issues[0]?.message;
}

describe('RegistryHost', () => {
  it.each([
    ['ghcr.io', 'ghcr.io'],
    [' ghcr.io ', 'ghcr.io'],
    ['docker.io', 'docker.io'],
    ['localhost', 'localhost'],
    ['localhost:5000', 'localhost:5000'],
    ['127.0.0.1:5000', '127.0.0.1:5000'],
    ['[::1]:5000', '[::1]:5000'],
    ['registry:5000', 'registry:5000'],
  ])('takes %j', (text, host) => {
    expect(RegistryHost.parse(text)).toBe(host);
  });

  it.each([
    ['', 'Write the host'],
    ['https://ghcr.io', 'Leave off the scheme'],
    ['http://localhost:5000/', 'Leave off the scheme'],
    ['ghcr.io/acme', 'belongs to the namespace'],
    ['ghcr.io/', 'belongs to the namespace'],
    ['ghcr .io', 'no spaces'],
    ['GHCR.io', 'lower case'],
    ['robot@ghcr.io', 'own field'],
    ['my_registry:5000', 'underscore'],
    ['registry', 'a dot or a port'],
    ['index.docker.io', 'docker.io'],
    ['localhost:70000', '65535'],
    ['localhost:0', '65535'],
    ['localhost:http', 'not a host'],
    ['[12345]:5000', 'not a host'],
    ['-x.example.com', 'not a host'],
    [`${'a'.repeat(300)}.com`, '253'],
  ])('says of %j what to change', (text, message) => {
    expect(firstMessage(RegistryHost.safeParse(text))).toContain(message);
  });
});

describe('RegistryInput', () => {
  const good = {
    name: 'Team',
    host: 'ghcr.io',
    namespace: 'acme/ml',
    plainHttp: false,
  };

  it.each(['', 'acme', 'acme/ml', 'a__b', 'a-b.c'])(
    'takes the namespace %j',
    (namespace) => {
      expect(RegistryInput.parse({ ...good, namespace }).namespace).toBe(
        namespace,
      );
    },
  );

  it.each([
    ['/acme', 'slash'],
    ['acme/', 'slash'],
    ['Acme', 'lower case'],
    ['a b', 'Letters'],
    ['a//b', 'Letters'],
  ])('says of the namespace %j what to change', (namespace, message) => {
    expect(
      firstMessage(RegistryInput.safeParse({ ...good, namespace })),
    ).toContain(message);
  });
});

describe('Digest', () => {
  it.each([
    [`sha256:${'a'.repeat(64)}`, true],
    [`sha512:${'a'.repeat(128)}`, true],
    [`sha256:${'A'.repeat(64)}`, false],
    [`sha256:${'a'.repeat(63)}`, false],
    [`md5:${'a'.repeat(32)}`, false],
  ])('accepts %s: %s', (text, ok) => {
    expect(Digest.safeParse(text).success).toBe(ok);
  });
});
