import type { FakeRule } from '@/lib/registry/testing/fake-registry';
import { failure } from '@/lib/registry/testing/fake-store';
import {
  challenged,
  isPublic,
  isStranger,
  type ScriptedRegistry,
} from './behaviour';

const challenge = {
  when: isStranger,
  reply: challenged(
    'Bearer realm="/jwt/auth",service="container_registry",scope="repository:acme/etl:pull"',
  ),
};

/** Its token server belongs to the web application and refuses with 403. */
export const gitlab: ScriptedRegistry = {
  name: 'GitLab',
  seen: '2026-07',
  verdicts: [
    {
      what: 'serves a project whose registry everyone may read',
      verdict: 'public',
      options: { mode: 'token', isPublic },
    },
    {
      what: 'refuses strangers at /jwt/auth with 403',
      verdict: 'private_or_missing',
      script: [
        challenge,
        { when: 'GET /jwt/auth', reply: failure(403, 'DENIED') },
      ],
    },
    {
      what: 'gives strangers an empty token in newer releases',
      verdict: 'private_or_missing',
      options: { mode: 'token' },
    },
    {
      what: 'refuses an account with two-factor login its password',
      verdict: 'no_access',
      withCredential: true,
      script: [
        challenge,
        { when: 'GET /jwt/auth', reply: failure(403, 'DENIED') },
      ],
    },
    {
      what: 'says of a missing tag that the manifest is unknown',
      verdict: 'missing_tag',
      reference: 'acme/etl:2',
      options: { mode: 'token', isPublic },
    },
    {
      what: 'refuses strangers a project that does not exist, in the same words',
      verdict: 'private_or_missing',
      reference: 'acme/nothing:1',
      script: [
        challenge,
        { when: 'GET /jwt/auth', reply: failure(403, 'DENIED') },
      ],
    },
  ],
};

/** GitLab: a catalog for administrators only, refused by the token server; no referrers API (as of 2026). */
export const gitlabInventory = (): FakeRule[] => [
  {
    when: ({ path, query }) =>
      path === '/token' && query.getAll('scope').join().includes('catalog'),
    reply: failure(403, 'DENIED'),
  },
  { when: 'GET /v2/*/referrers/*', reply: failure(404, 'NOT_FOUND') },
];
