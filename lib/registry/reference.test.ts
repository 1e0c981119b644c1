import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RegistryError } from './errors';
import {
  apiHost,
  credentialKey,
  familiarReference,
  formatReference,
  type ImageReference,
  parseReference,
  parseStrictReference,
  readReference,
  registryOrigin,
} from './reference';
import { checkReferenceVectors } from './testing/reference-vectors';

const VECTORS: unknown = JSON.parse(
  readFileSync(new URL('./testdata/reference.json', import.meta.url), 'utf8'),
);

function messageOf(text: string): string {
  try {
    parseReference(text);
  } catch (error) {
    if (error instanceof RegistryError && error.code === 'REFERENCE_INVALID')
      return error.message;
  }
  throw new Error('It was accepted.');
}

describe('the shared reference vectors', () => {
  const checked = checkReferenceVectors(VECTORS);

  it('are 335', () => {
    expect(checked).toHaveLength(335);
  });

  it.each(checked.map((vector) => [vector.name.slice(0, 80), vector] as const))(
    'reads %s as upstream does',
    (_, { differences }) => {
      expect(differences).toEqual([]);
    },
  );
});

describe('parseReference', () => {
  it.each([
    ['https://ghcr.io/acme/etl', 'Leave off “https://”'],
    ['docker://ghcr.io/acme/etl', 'Leave off “docker://”'],
    ['ghcr.io/acme/my app', 'no spaces'],
    ['ghcr.io/acme/etl\n', 'no spaces'],
    ['ghcr.io/${TEAM}/etl', 'variable'],
    ['ghcr.io/{{ team }}/etl', 'variable'],
    ['ghcr.io/acme/', 'slash at the end'],
    ['ghcr.io/Acme/etl', 'lower case'],
    ['a'.repeat(64), 'bare image id'],
    ['', 'empty'],
    ['   ', 'empty'],
    ['under_score.com/app', 'underscore'],
    [`app@md5:${'0'.repeat(32)}`, 'Only sha256 and sha512'],
    [`app@sha256:${'0'.repeat(40)}`, 'length'],
  ])('says of %j what to change', (text, expected) => {
    expect(messageOf(text)).toContain(expected);
  });

  it('says of a very long text that it is too long', () => {
    expect(messageOf(`x/${'a'.repeat(2000)}`)).toContain('1,024');
  });

  it('does not repeat a password that was pasted into a reference', () => {
    expect(messageOf('robot:hunter2-canary@ghcr.io/acme/etl')).toMatch(
      /password; they are stored/,
    );
    expect(
      messageOf('https://robot:hunter2-canary@ghcr.io/acme/etl'),
    ).not.toContain('canary');
  });

  it('takes sha512 as the image-spec does', () => {
    expect(parseReference(`etl@sha512:${'a'.repeat(128)}`).digest).toMatch(
      /^sha512:/,
    );
  });

  it('answers 100,000 hostile characters at once', () => {
    const start = performance.now();
    for (const text of [
      'a-'.repeat(50_000),
      'a.'.repeat(50_000),
      '['.repeat(100_000),
      'a/'.repeat(50_000),
    ]) {
      expect(readReference(text, 'strict').ok).toBe(false);
    }
    expect(performance.now() - start).toBeLessThan(2000);
  });
});

describe('parseStrictReference', () => {
  it('wants the registry written out', () => {
    expect(() => parseStrictReference('etl:1')).toThrow(
      'Write the registry too',
    );
    expect(parseStrictReference('ghcr.io/acme/etl:1')).toEqual({
      registry: 'ghcr.io',
      repository: 'acme/etl',
      tag: '1',
    });
  });
});

const component = fc.stringMatching(
  /^[a-z0-9]{1,8}((\.|_|__|-{1,3})[a-z0-9]{1,8}){0,2}$/,
);
const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,6}[a-z0-9])?$/);
const hex = fc.stringMatching(/^[0-9a-f]{64}$/);
const reference: fc.Arbitrary<ImageReference> = fc
  .record(
    {
      registry: fc
        .tuple(
          fc.array(label, { minLength: 2, maxLength: 4 }),
          fc.option(fc.integer({ min: 1, max: 65535 })),
        )
        .map(
          ([labels, port]) =>
            labels.join('.') + (port === null ? '' : `:${String(port)}`),
        ),
      repository: fc
        .array(component, { minLength: 1, maxLength: 4 })
        .map((parts) => parts.join('/')),
      tag: fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,40}$/),
      digest: hex.map((value) => `sha256:${value}`),
    },
    { requiredKeys: ['registry', 'repository'] },
  )
  .map((value) =>
    value.registry === 'docker.io' && !value.repository.includes('/')
      ? { ...value, repository: `library/${value.repository}` }
      : value,
  );

describe('formatReference', () => {
  it('is undone by parseReference', () => {
    fc.assert(
      fc.property(reference, (value) => {
        fc.pre(value.registry !== 'index.docker.io');
        expect(parseReference(formatReference(value))).toEqual(value);
        expect(parseReference(familiarReference(value))).toEqual(value);
      }),
      { numRuns: 500 },
    );
  });
});

describe('hosts', () => {
  it('maps Docker Hub to its API host and credential key', () => {
    expect(apiHost('docker.io')).toBe('registry-1.docker.io');
    expect(apiHost('ghcr.io')).toBe('ghcr.io');
    expect(credentialKey('docker.io')).toBe('https://index.docker.io/v1/');
    expect(credentialKey('localhost:5000')).toBe('localhost:5000');
  });

  it.each([
    ['docker.io', false, 'https://registry-1.docker.io'],
    ['ghcr.io', false, 'https://ghcr.io'],
    ['localhost:5000', true, 'http://localhost:5000'],
    ['[::1]:5000', true, 'http://[::1]:5000'],
    ['127.1:5000', true, 'http://127.0.0.1:5000'],
  ])('gives %s (http: %s) the origin %s', (registry, plainHttp, origin) => {
    expect(registryOrigin(registry, plainHttp)).toBe(origin);
  });

  it.each([
    ['with a port above 65535', 'host:99999'],
    ['with a bad IPv6 address', '[12345]'],
    ['with a label of 64 characters', `${'a'.repeat(64)}.example.com`],
    ['of 263 characters', `${'a.'.repeat(130)}com`],
  ])('refuses a host %s, which the grammar allows', (_, registry) => {
    expect(() => registryOrigin(registry, false)).toThrow('cannot exist');
  });
});
