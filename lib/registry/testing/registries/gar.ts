import type { FakeRule } from '@/lib/registry/testing/fake-registry';
import { failure, type FakeStore } from '@/lib/registry/testing/fake-store';
import {
  challenged,
  isStranger,
  json,
  type ScriptedRegistry,
} from './behaviour';

const denied = json(403, {
  errors: [
    {
      code: 'DENIED',
      message:
        'Unauthenticated request. Unauthenticated requests do not have permission "artifactregistry.repositories.downloadArtifacts" on resource "projects/p/locations/l/repositories/r" (or it may not exist)',
    },
  ],
});

/** 403 with a long message for private and missing alike; a token for no scope is refused. */
export const gar: ScriptedRegistry = {
  name: 'Artifact Registry',
  seen: '2026-07 (Kong e2e tests, quay/quay#1906)',
  verdicts: [
    { what: 'serves what allUsers may read', verdict: 'public' },
    {
      what: 'refuses a stranger with 403 and names a permission',
      verdict: 'private_or_missing',
      script: [{ when: '* /v2/*', reply: denied }],
    },
    {
      what: 'gives it to an account that may read',
      verdict: 'private',
      withCredential: true,
      script: [
        { when: isStranger, reply: challenged('Bearer realm="/token"') },
      ],
      options: { mode: 'token' },
    },
    {
      what: 'says of a missing tag that the manifest is unknown',
      verdict: 'missing_tag',
      reference: 'acme/etl:2',
    },
    {
      what: 'tells an account that may read that the repository does not exist',
      verdict: 'missing_repository',
      withCredential: true,
      reference: 'acme/nothing:1',
      options: { mode: 'token' },
    },
  ],
  client: [
    {
      what: 'gives no token for no scope, and is asked for one with it',
      verb: 'headManifest',
      code: null,
      isAnonymous: true,
      options: { mode: 'token', isPublic: () => true },
      script: [
        {
          when: ({ path, query }) => path === '/token' && !query.has('scope'),
          reply: failure(403, 'DENIED'),
        },
        {
          when: (request) =>
            isStranger(request) && request.path.startsWith('/v2/acme/'),
          reply: { status: 401 },
        },
      ],
    },
  ],
};

/**
 * Google Artifact Registry: a digest cannot be deleted while a tag points to it, and its referrers once led to a login
 * page.
 */
export const garInventory = (origin: string, store: FakeStore): FakeRule[] => [
  {
    when: ({ method, path }) => {
      const [, name = '', digest = ''] =
        /^\/v2\/(.+)\/manifests\/(sha256:.+)$/.exec(path) ?? [];
      const tags = store.repositories.get(name)?.tags.values() ?? [];
      return method === 'DELETE' && [...tags].includes(digest);
    },
    reply: failure(400, 'GOOGLE_MANIFEST_DANGLING_TAG'),
  },
  {
    when: 'GET /v2/*/referrers/*',
    reply: { status: 302, headers: { location: `${origin}/login` } },
  },
  {
    when: 'GET /login',
    reply: {
      status: 200,
      headers: { 'content-type': 'text/html' },
      body: '<!doctype html><title>Sign in</title>',
    },
  },
];
