import type { FakeRule } from '@/lib/registry/testing/fake-registry';
import { failure, type FakeStore } from '@/lib/registry/testing/fake-store';
import { isPublic, plainText, type ScriptedRegistry } from './behaviour';

/** The reference implementation, as Debian ships it and as v3 differs. */
export const distribution: ScriptedRegistry = {
  name: 'distribution',
  seen: '2026-08 (2.8.2 on a laboratory machine, source of v3)',
  verdicts: [
    { what: 'serves everything where it has no login', verdict: 'public' },
    {
      what: 'with htpasswd refuses everything to strangers',
      verdict: 'private_or_missing',
      options: { mode: 'basic' },
    },
    {
      what: 'with htpasswd gives it to a login',
      verdict: 'private',
      withCredential: true,
      options: { mode: 'basic' },
    },
    {
      what: 'with tokens serves what the token server grants to strangers',
      verdict: 'public',
      options: { mode: 'token', isPublic },
    },
    {
      what: 'calls a repository without tags unknown by name',
      verdict: 'missing_repository',
      reference: 'acme/nothing:1',
      script: [
        {
          when: '* /v2/acme/nothing/manifests/*',
          reply: failure(404, 'MANIFEST_UNKNOWN'),
        },
      ],
    },
    {
      what: 'hides an index from who does not accept one, and is asked for all four types',
      verdict: 'public',
      script: [
        {
          when: ({ path, headers }) =>
            path.includes('/manifests/') &&
            !(headers.accept ?? '').includes('oci.image.index'),
          reply: failure(404, 'MANIFEST_UNKNOWN'),
        },
      ],
    },
  ],
  client: [
    {
      what: 'with no tag left says null',
      verb: 'listTags',
      code: null,
      tags: [],
      script: [
        {
          when: 'GET /v2/acme/etl/tags/list',
          reply: { status: 200, body: '{"name":"acme/etl","tags":null}' },
        },
      ],
    },
    {
      what: 'behind a proxy that is down is out of reach',
      verb: 'getManifest',
      code: 'REGISTRY_UNREACHABLE',
      script: [{ when: '* /v2/*', reply: plainText(502, 'Bad Gateway') }],
    },
    {
      what: 'deletes nothing where that is off',
      verb: 'deleteManifest',
      code: 'REGISTRY_UNSUPPORTED',
      script: [{ when: 'DELETE /v2/*', reply: failure(405, 'UNSUPPORTED') }],
    },
  ],
};

/** Debian's docker-registry 2.8: one unsorted page of tags, no deletion by tag, no referrers API. */
export const distributionInventory = (store: FakeStore): FakeRule[] => [
  {
    when: 'GET /v2/*/tags/list',
    reply: ({ path }) => {
      const name = path.slice('/v2/'.length, -'/tags/list'.length);
      const tags = [...(store.repositories.get(name)?.tags.keys() ?? [])];
      return { status: 200, body: JSON.stringify({ name, tags }) };
    },
  },
  {
    when: ({ method, path }) =>
      method === 'DELETE' && /\/manifests\/[^:]+$/.test(path),
    reply: failure(400, 'DIGEST_INVALID'),
  },
  {
    when: 'GET /v2/*/referrers/*',
    reply: { status: 404, body: '404 page not found\n' },
  },
];
