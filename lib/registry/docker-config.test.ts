import { describe, expect, it } from 'vitest';
import { AppError } from '@/lib/errors';
import { type DockerConfigEntry, readDockerConfig } from './docker-config';

const auth = (text: string) => Buffer.from(text).toString('base64');
const SECRET = 'canary-8d2f';
const LOGIN = { auth: auth(`robot:${SECRET}`) };

function read(config: object): DockerConfigEntry[] {
  return readDockerConfig(JSON.stringify(config)).entries;
}

function one(key: string, value: unknown = LOGIN): DockerConfigEntry {
  const [entry] = read({ auths: { [key]: value } });
  if (!entry) throw new Error('no entry');
  return entry;
}

describe('a key', () => {
  it.each([
    ['ghcr.io', 'ghcr.io', ''],
    ['GHCR.io', 'ghcr.io', ''],
    ['https://ghcr.io', 'ghcr.io', ''],
    ['https://example.com/v2/', 'example.com', ''],
    ['https://example.com/v1/', 'example.com', ''],
    ['example.com:5000', 'example.com:5000', ''],
    ['https://127.0.0.1:6555/v2/', '127.0.0.1:6555', ''],
    ['https://::1:6555/v2/', '[::1]:6555', ''],
    ['[::1]:6555', '[::1]:6555', ''],
    ['[::1]', '[::1]', ''],
    ['localhost:5000', 'localhost:5000', ''],
    ['https://index.docker.io/v1/', 'docker.io', ''],
    ['index.docker.io/v1/', 'docker.io', ''],
    ['https://index.docker.io/v1', 'docker.io', ''],
    ['docker.io', 'docker.io', ''],
    ['registry-1.docker.io', 'docker.io', ''],
    ['registry.hub.docker.com', 'docker.io', ''],
    ['docker.io/acme', 'docker.io', 'acme'],
    ['quay.io/acme', 'quay.io', 'acme'],
    ['quay.io/acme/etl', 'quay.io', 'acme/etl'],
    ['registry.example.com/v2/etl', 'registry.example.com', 'v2/etl'],
  ])('%s is the place %s %s', (key, host, namespace) => {
    expect(one(key)).toMatchObject({ host, namespace, skipped: null });
  });

  it('that says http is remembered as such', () => {
    expect(one('http://localhost:5000').isHttp).toBe(true);
    expect(one('localhost:5000').isHttp).toBe(false);
  });

  it.each([
    ['*.azurecr.io', 'pattern'],
    ['registry?.example.com', 'pattern'],
    ['registry[0-9].example.com', 'pattern'],
    ['', 'host'],
    ['https://', 'host'],
    ['gitlab', 'dot or a port'],
    ['__proto__', 'underscore'],
    ['constructor', 'dot or a port'],
    ['a b', 'spaces'],
    ['me:pw@example.com', 'user name'],
    ['example.com:99999', 'port'],
    ['quay.io/Acme', 'lower case'],
    ['x'.repeat(5000), '253'],
  ])('%j is skipped, and says why', (key, reason) => {
    const entry = one(key);
    expect(entry.credential).toBeNull();
    expect(entry.skipped).toContain(reason);
    expect(entry.key.length).toBeLessThanOrEqual(200);
  });

  it('of the prototype changes nothing', () => {
    const text =
      '{"auths":{"__proto__":{"auth":"cm9ib3Q6cHc="},"ghcr.io":{"__proto__":{"auth":"cm9ib3Q6cHc="}}}}';
    const { entries } = readDockerConfig(text);
    expect(entries.map(({ credential }) => credential)).toEqual([null, null]);
    expect(({} as { auth?: string }).auth).toBeUndefined();
  });
});

describe('an entry', () => {
  it.each([
    [{ auth: auth('robot:pw') }, 'password', 'robot', 'pw'],
    [{ auth: auth('robot:p:w:') }, 'password', 'robot', 'p:w:'],
    [{ auth: auth('robot:pw\0\0') }, 'password', 'robot', 'pw'],
    [{ auth: auth('robot$ci+x:pä') }, 'password', 'robot$ci+x', 'pä'],
    [{ username: 'robot', password: 'pw' }, 'password', 'robot', 'pw'],
    [
      { username: 'x', password: 'y', auth: auth('robot:pw') },
      'password',
      'robot',
      'pw',
    ],
    [
      { auth: auth('_json_key:{"a":"b:c"}') },
      'password',
      '_json_key',
      '{"a":"b:c"}',
    ],
    [{ identitytoken: 'abc' }, 'identity_token', '', 'abc'],
    [
      {
        auth: auth('00000000-0000-0000-0000-000000000000:'),
        identitytoken: 'abc',
      },
      'identity_token',
      '00000000-0000-0000-0000-000000000000',
      'abc',
    ],
    [{ username: '<token>', password: 'abc' }, 'identity_token', '', 'abc'],
    [{ registrytoken: 'bearer' }, 'registry_token', '', 'bearer'],
    [{ ...LOGIN, registrytoken: 'bearer' }, 'registry_token', '', 'bearer'],
  ])('%j is a %s', (value, method, username, password) => {
    expect(one('ghcr.io', value).credential).toMatchObject({
      method,
      username,
      password,
    });
  });

  it.each([
    [{}, 'no credential'],
    [null, 'no credential'],
    ['text', 'no credential'],
    [[], 'no credential'],
    [{ auth: '' }, 'no credential'],
    [{ auth: 17 }, 'no credential'],
    [{ auth: '%%%' }, 'base64'],
    [{ auth: auth(`:${SECRET}`) }, 'base64'],
    [{ auth: auth(SECRET) }, 'base64'],
    [{ auth: Buffer.from([0xff, 0x3a, 0xff]).toString('base64') }, 'base64'],
    [{ auth: auth('robot:') }, 'password'],
    [{ username: 'robot' }, 'password'],
    [{ username: 'ro:bot', password: SECRET }, 'colon'],
    [{ identitytoken: `${SECRET} and more` }, 'spaces'],
    [{ username: 'robot', password: 'x'.repeat(20_000) }, '16,384'],
  ])('%j is skipped, without a word of its secret', (value, reason) => {
    const entry = one('ghcr.io', value);
    expect(entry.credential).toBeNull();
    expect(entry.skipped).toContain(reason);
    expect(JSON.stringify(entry)).not.toContain(SECRET);
  });
});

describe('helpers', () => {
  it('are named and never run', () => {
    const { entries, helpers } = readDockerConfig(
      JSON.stringify({
        auths: { 'ghcr.io': {}, 'quay.io': {}, 'registry.example.com': LOGIN },
        credsStore: 'desktop',
        credHelpers: {
          'quay.io': 'pass',
          '123456789012.dkr.ecr.eu-west-1.amazonaws.com': 'ecr-login',
        },
      }),
    );
    expect(helpers).toEqual([
      'docker-credential-desktop',
      'docker-credential-pass',
      'docker-credential-ecr-login',
    ]);
    expect(entries.map(({ host, skipped }) => [host, skipped])).toEqual([
      ['ghcr.io', expect.stringContaining('docker-credential-desktop')],
      ['quay.io', expect.stringContaining('docker-credential-pass')],
      ['registry.example.com', null],
      [
        '123456789012.dkr.ecr.eu-west-1.amazonaws.com',
        expect.stringContaining('docker-credential-ecr-login'),
      ],
    ]);
  });

  it('with a name that is none are not repeated', () => {
    const { helpers } = readDockerConfig(
      JSON.stringify({ auths: { a: {} }, credsStore: '../../bin/sh -c x' }),
    );
    expect(helpers).toEqual([]);
  });
});

describe('two keys for one registry', () => {
  it('are taken once, in the canonical spelling', () => {
    const entries = read({
      auths: {
        'docker.io': { auth: auth('old:pw') },
        'https://index.docker.io/v1/': { auth: auth('new:pw') },
        'https://ghcr.io': { auth: auth('first:pw') },
        'https://ghcr.io/v2/': { auth: auth('second:pw') },
      },
    });
    expect(entries.map(({ credential }) => credential?.username)).toEqual([
      undefined,
      'new',
      'first',
      undefined,
    ]);
    expect(entries[0]?.skipped).toContain('https://index.docker.io/v1/');
  });
});

describe('what is no config.json', () => {
  it.each([
    ['nothing', ''],
    ['text', `hello ${SECRET}`],
    ['cut JSON', `{"auths":{"ghcr.io":{"auth":"${SECRET}`],
    ['a list', '[]'],
    ['null', 'null'],
    ['a number', '1'],
    ['an empty object', '{}'],
    ['auths of the wrong kind', '{"auths":[]}'],
    ['only a helper', '{"credsStore":"desktop"}'],
    ['too much', `{"auths":{},"x":"${'x'.repeat(300_000)}"}`],
    [
      'too many entries',
      JSON.stringify({
        auths: Object.fromEntries(
          Array.from({ length: 201 }, (_, at) => [
            `r${String(at)}.example.com`,
            {},
          ]),
        ),
      }),
    ],
  ])('is refused at its field: %s', (_, text) => {
    let thrown: unknown;
    try {
      readDockerConfig(text);
    } catch (error) {
      thrown = error;
    }
    if (!(thrown instanceof AppError)) throw new Error('nothing was thrown');
    expect(thrown.code).toBe('INVALID_INPUT');
    expect(thrown.fields?.text).toBe(thrown.message);
    expect(thrown.message).not.toContain(SECRET);
    expect(thrown.cause).toBeUndefined();
  });

  it('but begins with a byte order mark is read', () => {
    const text = `\uFEFF${JSON.stringify({ auths: { 'ghcr.io': LOGIN } })}`;
    expect(readDockerConfig(text).entries).toHaveLength(1);
  });
});
