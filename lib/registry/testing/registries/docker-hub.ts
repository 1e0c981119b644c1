import type { FakeRule } from '@/lib/registry/testing/fake-registry';
import { failure } from '@/lib/registry/testing/fake-store';
import { isPublic, plainText, type ScriptedRegistry } from './behaviour';

const counted = {
  'ratelimit-limit': '100;w=21600',
  'ratelimit-remaining': '0;w=21600',
  'docker-ratelimit-source': '192.0.2.7',
};

/** A token for anyone, whatever it is for; refusals come from the registry. */
export const dockerHub: ScriptedRegistry = {
  name: 'Docker Hub',
  seen: '2026-08',
  verdicts: [
    {
      what: 'gives a public image for an anonymous token',
      verdict: 'public',
      options: { mode: 'token', isPublic },
    },
    {
      what: 'gives a stranger a token for a private repository, too, and refuses it then',
      verdict: 'private_or_missing',
      options: { mode: 'token' },
    },
    {
      what: 'gives a stranger a token for a repository that does not exist',
      verdict: 'private_or_missing',
      reference: 'acme/nothing:1',
      options: { mode: 'token', isPublic },
    },
    {
      what: 'says of a missing tag that the manifest is unknown',
      verdict: 'missing_tag',
      reference: 'acme/etl:2',
      options: { mode: 'token', isPublic },
    },
    {
      what: 'counts pulls and says so in plain text',
      verdict: 'rate_limited',
      options: { mode: 'token', isPublic },
      script: [
        {
          when: '* /v2/acme/etl/manifests/*',
          reply: {
            ...plainText(
              429,
              'toomanyrequests: You have reached your pull rate limit.',
            ),
            headers: counted,
          },
        },
      ],
    },
    {
      what: 'has another limit that names no time',
      verdict: 'rate_limited',
      script: [{ when: '* /v2/*', reply: plainText(429, 'Too Many Requests') }],
    },
  ],
  client: [
    {
      what: 'is asked for a digest by HEAD, which is not counted as a pull',
      verb: 'headManifest',
      code: null,
      isAnonymous: true,
      options: { mode: 'token', isPublic },
      asked: [
        'HEAD /v2/acme/etl/manifests/1',
        'GET /token',
        'HEAD /v2/acme/etl/manifests/1',
      ],
    },
    {
      what: 'refuses a push to what somebody else owns',
      verb: 'checkPush',
      code: null,
      outcome: 'no_access',
      options: { mode: 'token' },
      script: [
        {
          when: ({ method, headers }) =>
            (method === 'PATCH' || method === 'POST') &&
            headers.authorization?.startsWith('Bearer') === true,
          reply: failure(401, 'UNAUTHORIZED', {
            'www-authenticate':
              'Bearer realm="/token",scope="repository:acme/etl:pull,push",error="insufficient_scope"',
          }),
        },
      ],
    },
  ],
};

/** Docker Hub: no catalog, and 405 for deletions (hub-feedback#2360, 2023). */
export const dockerHubInventory = (): FakeRule[] => [
  { when: 'GET /v2/_catalog', reply: failure(401, 'UNAUTHORIZED') },
  { when: 'DELETE /v2/*', reply: failure(405, 'UNSUPPORTED') },
];
