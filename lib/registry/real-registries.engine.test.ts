import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AccessVerdict, judgeAccess } from './access';
import type { AccessEvidence, AccessIdentity } from './access-evidence';
import { openRegistry } from './client';
import { gatherAccess } from './client/gather-access';
import { MANIFEST_ACCEPT } from './media-types';
import { execute } from './testing/real/processes';
import {
  LOGIN,
  type RealRegistries,
  type RealRegistry,
  startRealRegistries,
} from './testing/real/registries';
import { askSkopeo } from './testing/real/skopeo';
import { seeder, type SeededReal } from './testing/real/seed';

type Which = 'open' | 'front' | 'password' | 'token' | 'down';

let real: RealRegistries;
let app: SeededReal;
let many: { digest: string; children: SeededReal[] };

beforeAll(async () => {
  real = await startRealRegistries();
  const seed = seeder(real.open.url);
  for (const owner of ['public', 'private']) {
    app = await seed.image(`${owner}/app`, '1');
    many = await seed.index(`${owner}/many`, '1', ['amd64', 'arm64']);
    const holed = await seed.image(`${owner}/holed`, '1');
    await seed.remove(`${owner}/holed/blobs/${holed.layer}`);
    const childless = await seed.index(`${owner}/childless`, '1', ['amd64']);
    await seed.remove(
      `${owner}/childless/manifests/${childless.children[0]?.digest ?? ''}`,
    );
  }
});

afterAll(() => real.close());

const policyOf = ({ url }: RealRegistry) => {
  const { hostname, port, protocol } = new URL(url);
  const scheme = protocol === 'http:' ? ('http' as const) : ('https' as const);
  const cidrs = ['127.0.0.1/32', '::1/128'];
  return { allow: [{ host: hostname, port: Number(port), scheme, cidrs }] };
};

const common = (which: Which) => ({
  plainHttp: which === 'open',
  policy: policyOf(real[which]),
  ca: real.certificates.caPem,
  sleep: () => Promise.resolve(),
});

function look(
  which: Which,
  image: string,
  isKnown: boolean,
  platform = 'linux/amd64',
): Promise<AccessEvidence> {
  return gatherAccess({
    ...common(which),
    reference: `${real[which].host}/${image}`,
    platform,
    vantage: 'server',
    ...(isKnown ? { credential: LOGIN } : {}),
  });
}

function connect(which: Which, isKnown: boolean) {
  return openRegistry({
    ...common(which),
    registry: real[which].host,
    ...(isKnown ? { credential: LOGIN } : {}),
  });
}

const bySkopeo = (which: Which, image: string, login: typeof LOGIN | null) =>
  askSkopeo(`${real[which].host}/${image}`, {
    login,
    trustFolder: which === 'open' ? null : real.certificates.trustFolder,
  });

/** What skopeo has to say where we give a verdict; the rest has a digest. */
const IN_A_WORD: Partial<Record<AccessVerdict, string>> = {
  private_or_missing: 'denied',
  no_access: 'denied',
  missing_tag: 'missing',
  missing_repository: 'missing',
};

const CASES: [Which, string, boolean, AccessVerdict][] = [
  ['open', 'public/app:1', false, 'insecure_http'],
  ['front', 'public/app:1', false, 'public'],
  ['front', 'private/many:1', false, 'public'],
  ['front', 'public/app:2', false, 'missing_tag'],
  ['front', 'public/nothing:1', false, 'missing_repository'],
  ['password', 'public/app:1', false, 'private_or_missing'],
  ['password', 'public/app:1', true, 'private'],
  ['password', 'public/app:2', true, 'missing_tag'],
  ['password', 'public/nothing:1', true, 'missing_repository'],
  ['token', 'public/app:1', false, 'public'],
  ['token', 'public/many:1', false, 'public'],
  ['token', 'private/app:1', false, 'private_or_missing'],
  ['token', 'private/app:1', true, 'private'],
  ['token', 'private/nothing:1', false, 'private_or_missing'],
  ['token', 'private/nothing:1', true, 'missing_repository'],
  ['token', 'private/app:2', true, 'missing_tag'],
  ['token', 'public/app:2', false, 'missing_tag'],
];

describe('access to an image of a real registry', () => {
  it.each(CASES)(
    '%s, %s, with a login: %s, is %s, and skopeo agrees',
    async (which, image, isKnown, verdict) => {
      const access = judgeAccess(await look(which, image, isKnown));
      expect(access.state).toBe(verdict);
      const said = await bySkopeo(which, image, isKnown ? LOGIN : null);
      const word = IN_A_WORD[verdict];
      if (word === undefined) expect(said).toMatch(/^sha256:/);
      else expect(said).toBe(word);
      if (access.digest !== null) expect(said).toBe(access.digest);
      if (verdict === 'private')
        expect(await bySkopeo(which, image, null)).toBe('denied');
    },
  );

  it('by its digest is public, and skopeo agrees', async () => {
    const image = `private/many@${many.digest}`;
    const access = judgeAccess(await look('front', image, false));
    expect(access).toMatchObject({ state: 'public', digest: many.digest });
    expect(await bySkopeo('front', image, null)).toBe(many.digest);
  });

  it.each<[AccessIdentity, Which, string, AccessVerdict]>([
    ['stored_pull', 'password', LOGIN.password, 'pullable'],
    ['stored_push', 'token', LOGIN.password, 'pullable'],
    ['cluster', 'password', 'wrong', 'no_access'],
    ['cluster', 'token', 'wrong', 'no_access'],
  ])(
    'as %s sees it on %s with the password “%s”: %s, and skopeo agrees',
    async (identity, which, password, verdict) => {
      const credential = { ...LOGIN, password };
      const image = 'private/app:1';
      const evidence = await gatherAccess({
        ...common(which),
        reference: `${real[which].host}/${image}`,
        platform: 'linux/amd64',
        vantage: 'server',
        identity,
        credential,
      });
      const access = judgeAccess(evidence);
      expect(access.state).toBe(verdict);
      expect(await bySkopeo(which, image, credential)).toBe(
        access.digest ?? 'denied',
      );
    },
  );

  it.each<[Which, string]>([
    ['front', 'public/holed:1'],
    ['front', 'public/childless:1'],
    ['token', 'public/holed:1'],
    ['token', 'public/childless:1'],
  ])(
    '%s, %s, is partly public although its manifest is there',
    async (which, image) => {
      const access = judgeAccess(await look(which, image, false));
      expect(access.state).toBe('partially_public');
      expect(access.failing).toMatchObject([{ status: 404 }]);
    },
  );

  it('of an index depends on the platform', async () => {
    const arm = judgeAccess(
      await look('token', 'public/many:1', false, 'linux/arm64'),
    );
    expect(arm.state).toBe('public');
    const other = await look('token', 'public/many:1', false, 'linux/s390x');
    expect(judgeAccess(other)).toMatchObject({
      state: 'public_other_platform',
      platforms: ['linux/amd64', 'linux/arm64'],
    });
  });

  it('through a proxy in front of nothing is out of reach', async () => {
    expect(
      judgeAccess(await look('down', 'public/app:1', false)),
    ).toMatchObject({ state: 'unreachable', stage: 'registry' });
  });

  it('under a certificate of one’s own is not public until the authority is known', async () => {
    const { front } = real;
    const evidence = await gatherAccess({
      reference: `${front.host}/public/app:1`,
      platform: 'linux/amd64',
      vantage: 'server',
      policy: policyOf(front),
    });
    expect(judgeAccess(evidence)).toMatchObject({
      state: 'tls_untrusted',
      underlying: 'public',
    });
  });

  it('keeps no password and no token', async () => {
    const text = JSON.stringify([
      await look('token', 'private/app:1', true),
      await look('password', 'private/app:1', true),
    ]);
    expect(text).not.toContain(LOGIN.password);
    expect(text).not.toContain(
      Buffer.from(`${LOGIN.username}:${LOGIN.password}`).toString('base64'),
    );
    expect(text).not.toContain('eyJ');
  });
});

describe('a real registry behind a proxy that compresses', () => {
  it('would lose the length and the strong ETag of who accepts gzip', async () => {
    const { stdout } = await execute('curl', [
      ...['-sI', '--cacert', `${real.certificates.trustFolder}/ca.crt`],
      ...['-H', 'Accept-Encoding: gzip', '-H', `Accept: ${MANIFEST_ACCEPT}`],
      `${real.front.url}/v2/public/app/manifests/1`,
    ]);
    expect(stdout).toMatch(/content-encoding: gzip/i);
    expect(stdout).toMatch(/etag: W\//i);
    expect(stdout).not.toMatch(/content-length/i);
  });

  it('gives us both', async () => {
    const client = connect('front', false);
    const head = await client.headManifest('private/many', '1');
    const { bytes, digest } = await client.getManifest('private/many', '1');
    expect(head).toMatchObject({
      digest: many.digest,
      sizeBytes: bytes.length,
    });
    expect(digest).toBe(many.digest);
    await client.close();
  });
});

describe('a login on a real registry', () => {
  it.each<[Which, boolean, string, string]>([
    ['password', true, 'accepted', 'accepted'],
    ['token', true, 'accepted', 'accepted'],
    ['front', true, 'not_needed', 'not_needed'],
  ])(
    'of %s is tested for pull and push',
    async (which, isKnown, pull, push) => {
      const client = connect(which, isKnown);
      expect((await client.checkPull('private/app')).outcome).toBe(pull);
      expect((await client.checkPush('private/app', true)).outcome).toBe(push);
      expect((await client.listTags('private/app')).tags).toEqual(['1']);
      await client.close();
    },
  );

  it.each<Which>(['password', 'token'])(
    'with a wrong password is refused by %s',
    async (which) => {
      const client = openRegistry({
        ...common(which),
        registry: real[which].host,
        credential: { ...LOGIN, password: 'wrong' },
      });
      expect((await client.checkPull('private/app')).outcome).toBe('refused');
      expect((await client.checkPush('private/app', true)).outcome).toBe(
        'refused',
      );
      await client.close();
    },
  );

  it('reads a config by its digest', async () => {
    const client = connect('token', true);
    const config = await client.getBlob('private/app', app.config);
    expect(JSON.parse(config.toString())).toMatchObject({
      architecture: 'amd64',
    });
    await client.close();
  });
});
