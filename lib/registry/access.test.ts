import { describe, expect, it } from 'vitest';
import { ACCESS_VERDICTS, type AccessVerdict, judgeAccess } from './access';
import { AccessEvidence, type Probe } from './access-evidence';
import { verdictLabel, verdictView } from './access-view';
import { nearTags } from './near-tags';
import { parseReference } from './reference';

const digest = (char: string) => `sha256:${char.repeat(64)}`;

const probe = (more: Partial<Probe> = {}): Probe => ({
  status: 200,
  stage: 'registry',
  failure: null,
  tlsFault: null,
  isAuthMisconfigured: false,
  upstreamCode: null,
  auth: 'bearer',
  isJson: false,
  retryAt: null,
  ...more,
});
const failed = (failure: string, more: Partial<Probe> = {}) =>
  probe({ status: null, failure, stage: 'connect', auth: 'none', ...more });
const denied = probe({
  status: 401,
  isJson: true,
  upstreamCode: 'UNAUTHORIZED',
});
const missing = probe({
  status: 404,
  isJson: true,
  upstreamCode: 'MANIFEST_UNKNOWN',
});
const limited = probe({ status: 429, retryAt: '2026-01-01T01:00:00.000Z' });

const image = {
  digest: digest('a'),
  kind: 'image' as const,
  reason: null,
  platforms: ['linux/amd64'],
  chosen: digest('a'),
  isMatch: true,
};
const part = (kind: 'manifest' | 'config' | 'layer', one: Probe) => ({
  digest: digest('b'),
  kind,
  probe: one,
});
const parts = [
  part('manifest', probe()),
  part('config', probe()),
  part('layer', probe()),
];

const evidence = (more: Partial<AccessEvidence> = {}): AccessEvidence => ({
  version: 1,
  at: '2026-01-01T00:00:00.000Z',
  vantage: 'server',
  identity: 'anonymous',
  reference: 'ghcr.io/acme/etl:1',
  platform: 'linux/amd64',
  referenceFault: null,
  transport: 'https',
  tlsFault: null,
  manifest: probe(),
  ping: null,
  tags: null,
  image,
  parts,
  foreignLayers: [],
  checked: 'all',
  credential: null,
  exchanges: [],
  ...more,
});

const none = { image: null, parts: [], checked: 'none' as const };

const CASES: [string, AccessVerdict, Partial<AccessEvidence>][] = [
  ['a credential gets all of it', 'pullable', { identity: 'cluster' }],
  [
    'a credential gets all but a layer',
    'partially_pullable',
    { identity: 'stored_pull', parts: [...parts, part('layer', missing)] },
  ],
  [
    'a credential is refused',
    'no_access',
    { identity: 'stored_push', manifest: probe({ status: 403 }), ...none },
  ],
  ['manifest, config and layers are all there', 'public', {}],
  [
    'a layer was deleted',
    'partially_public',
    { parts: [...parts, part('layer', missing)] },
  ],
  [
    'a layer is refused by its storage',
    'partially_public',
    {
      parts: [
        ...parts,
        part('layer', probe({ status: 403, stage: 'storage' })),
      ],
    },
  ],
  [
    'a child manifest is gone',
    'partially_public',
    { parts: [part('manifest', missing)] },
  ],
  [
    'the config is refused',
    'partially_public',
    { parts: [part('config', denied)] },
  ],
  [
    'a layer’s redirect leads nowhere',
    'partially_public',
    { parts: [...parts, part('layer', failed('REGISTRY_INVALID_ANSWER'))] },
  ],
  [
    'the index has only another platform, complete',
    'public_other_platform',
    { image: { ...image, isMatch: false } },
  ],
  [
    'the index has only another platform, incomplete',
    'wrong_platform',
    { image: { ...image, isMatch: false }, parts: [part('layer', missing)] },
  ],
  [
    'the index is empty',
    'wrong_platform',
    {
      image: { ...image, kind: 'index', chosen: null, isMatch: false },
      parts: [],
    },
  ],
  [
    'anonymous is refused and there is no credential',
    'private_or_missing',
    { ...none, manifest: denied },
  ],
  [
    'anonymous gets 403',
    'private_or_missing',
    { ...none, manifest: probe({ status: 403 }) },
  ],
  [
    'the token server refuses',
    'private_or_missing',
    {
      ...none,
      manifest: failed('REGISTRY_DENIED', { status: 403, stage: 'token' }),
    },
  ],
  [
    'only Basic is offered',
    'private_or_missing',
    { ...none, manifest: probe({ status: 401, auth: 'basic' }) },
  ],
  [
    'the credential may read it',
    'private',
    {
      ...none,
      manifest: denied,
      credential: { manifest: probe(), tags: null },
    },
  ],
  [
    'the credential may not either',
    'no_access',
    { ...none, manifest: denied, credential: { manifest: denied, tags: null } },
  ],
  [
    'the credential’s token is refused',
    'no_access',
    {
      ...none,
      manifest: denied,
      credential: { manifest: failed('REGISTRY_DENIED'), tags: null },
    },
  ],
  [
    'the credential sees no such tag',
    'missing_tag',
    {
      ...none,
      manifest: denied,
      credential: { manifest: missing, tags: probe() },
    },
  ],
  [
    'the credential sees no such repository',
    'missing_repository',
    {
      ...none,
      manifest: denied,
      credential: { manifest: missing, tags: missing },
    },
  ],
  [
    'the credential learns nothing',
    'private_or_missing',
    {
      ...none,
      manifest: denied,
      credential: { manifest: limited, tags: null },
    },
  ],
  [
    'the credential has a token server nobody bound',
    'private_or_missing',
    {
      ...none,
      manifest: denied,
      credential: { manifest: failed('REGISTRY_REALM_UNBOUND'), tags: null },
    },
  ],
  [
    'the tag is unknown',
    'missing_tag',
    { ...none, manifest: missing, tags: { probe: probe(), near: ['2'] } },
  ],
  [
    'the repository’s name is unknown',
    'missing_repository',
    {
      ...none,
      manifest: probe({
        status: 404,
        upstreamCode: 'NAME_UNKNOWN',
        isJson: true,
      }),
    },
  ],
  [
    'the tag list is unknown too',
    'missing_repository',
    { ...none, manifest: missing, tags: { probe: missing, near: [] } },
  ],
  [
    'a plain 404 of a registry',
    'missing_tag',
    {
      ...none,
      manifest: probe({ status: 404, auth: 'none' }),
      ping: probe({ status: 401 }),
    },
  ],
  [
    'a page says 404 and so does /v2/',
    'not_a_registry',
    {
      ...none,
      manifest: probe({ status: 404, auth: 'none' }),
      ping: probe({ status: 404, auth: 'none' }),
    },
  ],
  [
    'the host does not speak HTTP',
    'not_a_registry',
    { ...none, manifest: failed('REGISTRY_INVALID_ANSWER') },
  ],
  [
    'the host answers 418',
    'not_a_registry',
    { ...none, manifest: probe({ status: 418 }) },
  ],
  ['429 on the manifest', 'rate_limited', { ...none, manifest: limited }],
  [
    '429 on the token',
    'rate_limited',
    { ...none, manifest: failed('REGISTRY_RATE_LIMITED', { stage: 'token' }) },
  ],
  [
    '429 on a layer, though another is refused',
    'rate_limited',
    { parts: [part('layer', denied), part('layer', limited)] },
  ],
  [
    'nothing answers',
    'unreachable',
    { ...none, manifest: failed('REGISTRY_UNREACHABLE') },
  ],
  ['nothing was asked', 'unreachable', { ...none, manifest: null }],
  [
    'the registry answers 503',
    'unreachable',
    { ...none, manifest: probe({ status: 503 }) },
  ],
  [
    'the token server answers 500',
    'unreachable',
    {
      ...none,
      manifest: failed('REGISTRY_UNREACHABLE', { status: 500, stage: 'token' }),
    },
  ],
  [
    'storage answers 502',
    'unreachable',
    { parts: [part('layer', probe({ status: 502, stage: 'storage' }))] },
  ],
  [
    'the certificate is not trusted, else it is public',
    'tls_untrusted',
    { transport: 'untrusted_tls', tlsFault: 'untrusted' },
  ],
  [
    'the certificate is not trusted and it is refused',
    'tls_untrusted',
    { ...none, manifest: denied, transport: 'untrusted_tls' },
  ],
  [
    'the handshake fails',
    'tls_untrusted',
    { ...none, manifest: failed('REGISTRY_TLS', { tlsFault: 'handshake' }) },
  ],
  [
    'it is on plain http, else it is public',
    'insecure_http',
    { transport: 'http' },
  ],
  [
    'https is asked of an http port',
    'insecure_http',
    { ...none, manifest: failed('REGISTRY_TLS', { tlsFault: 'not_tls' }) },
  ],
  [
    'it is on plain http, but a layer is gone',
    'partially_public',
    { transport: 'http', parts: [part('layer', missing)] },
  ],
  [
    'it is on plain http, and private',
    'private',
    {
      ...none,
      transport: 'http',
      manifest: denied,
      credential: { manifest: probe(), tags: null },
    },
  ],
  [
    'the address is not allowed',
    'blocked_by_policy',
    { ...none, manifest: failed('REGISTRY_BLOCKED') },
  ],
  [
    'storage is at an address that is not allowed',
    'blocked_by_policy',
    { parts: [part('layer', failed('REGISTRY_BLOCKED'))] },
  ],
  [
    'it is a Helm chart',
    'not_an_image',
    { image: { ...image, kind: 'artifact' }, parts: [] },
  ],
  [
    'it is schema 1',
    'unsupported_schema1',
    { image: { ...image, kind: 'schema1' }, parts: [] },
  ],
  [
    'it does not hash to its digest',
    'invalid_manifest',
    {
      image: { ...image, kind: 'invalid', reason: 'Its bytes differ.' },
      parts: [],
    },
  ],
  [
    'its manifest is too large',
    'invalid_manifest',
    { ...none, manifest: failed('REGISTRY_INVALID_ANSWER', { status: 200 }) },
  ],
  [
    'the reference cannot be read',
    'invalid_reference',
    { ...none, manifest: null, referenceFault: 'A reference holds no spaces.' },
  ],
  [
    '401 brings nothing to answer',
    'auth_misconfigured',
    {
      ...none,
      manifest: probe({
        status: 401,
        auth: 'unusable',
        isAuthMisconfigured: true,
      }),
    },
  ],
  [
    'the token server gives no token',
    'auth_misconfigured',
    {
      ...none,
      manifest: failed('REGISTRY_INVALID_ANSWER', {
        isAuthMisconfigured: true,
        status: 200,
      }),
    },
  ],
];

describe('judgeAccess', () => {
  it.each(CASES)('when %s says %s', (_, verdict, more) => {
    const seen = evidence(more);
    expect(AccessEvidence.parse(JSON.parse(JSON.stringify(seen)))).toEqual(
      seen,
    );
    expect(judgeAccess(seen).state).toBe(verdict);
  });

  it('can say every verdict there is, and no other', () => {
    const said = new Set(CASES.map(([, verdict]) => verdict));
    expect([...said].sort()).toEqual([...ACCESS_VERDICTS].sort());
  });

  it('names the parts that fail, and the status', () => {
    const { failing } = judgeAccess(
      evidence({ parts: [...parts, part('layer', missing)] }),
    );
    expect(failing).toEqual([
      { digest: digest('b'), kind: 'layer', status: 404 },
    ]);
  });

  it.each(['http', 'untrusted_tls'] as const)(
    'says beside %s what an anonymous pull gets',
    (transport) => {
      expect(judgeAccess(evidence({ transport })).underlying).toBe('public');
    },
  );

  it('never becomes public by a credential', () => {
    for (const manifest of [
      denied,
      missing,
      limited,
      failed('REGISTRY_UNREACHABLE'),
    ]) {
      const seen = evidence({
        ...none,
        manifest,
        credential: { manifest: probe(), tags: probe() },
      });
      expect(judgeAccess(seen).state).not.toMatch(/public/);
    }
  });
});

describe('verdictView', () => {
  const reference = parseReference('ghcr.io/acme/etl:1');

  it.each(CASES)('has words for: %s', (_, verdict, more) => {
    const view = verdictView(
      judgeAccess(evidence(more)),
      verdict === 'invalid_reference' ? null : reference,
      'linux/amd64',
    );
    expect(view.label).toBe(verdictLabel(verdict).label);
    expect(view.title).not.toBe('');
    expect(view.explanation).toMatch(/\.$/);
    expect(
      `${view.title} ${view.explanation} ${view.advice.join(' ')}`,
    ).not.toMatch(/undefined|null|NaN/);
  });

  it('shows how to publish at the provider where that is the question', () => {
    const access = judgeAccess(evidence({ ...none, manifest: denied }));
    const { guide } = verdictView(access, reference, 'linux/amd64');
    expect(guide?.links.map(({ url }) => url)).toContain(
      'https://github.com/orgs/acme/packages/container/etl/settings',
    );
    expect(
      verdictView(judgeAccess(evidence()), reference, 'linux/amd64').guide,
    ).toBeNull();
  });
});

describe('nearTags', () => {
  it('puts the likeliest meant first', () => {
    expect(
      nearTags('1.4', ['latest', '1.3', '1.40', '1.4.1', 'dev'], 3),
    ).toEqual(['1.40', '1.4.1', '1.3']);
  });
});
