import type { FakeRule } from '@/lib/registry/testing/fake-registry';
import { failure } from '@/lib/registry/testing/fake-store';
import {
  challenged,
  isKnown,
  isPublic,
  isStranger,
  type ScriptedRegistry,
} from './behaviour';

const challenge = challenged(
  'Bearer realm="/token",service="ghcr.io",scope="repository:acme/etl:pull"',
);

/** Refuses at the token server, and refuses a bad login even what is public. */
export const ghcr: ScriptedRegistry = {
  name: 'GHCR',
  seen: '2026-07 (openai/tunnel-client#75, quay/quay#4235, akuity/kargo#778)',
  verdicts: [
    {
      what: 'gives a public image for an anonymous token',
      verdict: 'public',
      options: { mode: 'token', isPublic },
    },
    {
      what: 'refuses a stranger the token of a private package with 401',
      verdict: 'private_or_missing',
      script: [
        { when: isStranger, reply: challenge },
        { when: 'GET /token', reply: failure(401, 'UNAUTHORIZED') },
      ],
    },
    {
      what: 'refuses a stranger the token of a private package with 403',
      verdict: 'private_or_missing',
      script: [
        { when: isStranger, reply: challenge },
        { when: 'GET /token', reply: failure(403, 'DENIED') },
      ],
    },
    {
      what: 'keeps a public image public when the stored token has expired',
      verdict: 'public',
      withCredential: true,
      options: { mode: 'token', isPublic },
      script: [
        {
          when: ({ path, headers }) =>
            path === '/token' && headers.authorization !== undefined,
          reply: failure(403, 'DENIED'),
        },
      ],
    },
    {
      what: 'refuses both a stranger and an expired token',
      verdict: 'no_access',
      withCredential: true,
      script: [
        { when: isStranger, reply: challenge },
        { when: 'GET /token', reply: failure(403, 'DENIED') },
      ],
    },
    {
      what: 'says of a missing tag that the manifest is unknown',
      verdict: 'missing_tag',
      reference: 'acme/etl:2',
      options: { mode: 'token', isPublic },
    },
    {
      what: 'refuses a stranger the token of a package that does not exist, in the same words',
      verdict: 'private_or_missing',
      reference: 'acme/nothing:1',
      script: [
        { when: isStranger, reply: challenge },
        { when: 'GET /token', reply: failure(403, 'DENIED') },
      ],
    },
    {
      what: 'has one package public and its sibling private',
      verdict: 'private_or_missing',
      reference: 'acme/sibling:1',
      options: { mode: 'token', isPublic },
    },
  ],
  client: [
    {
      what: 'refuses an expired token even a public image',
      verb: 'headManifest',
      code: 'REGISTRY_DENIED',
      options: { mode: 'token', isPublic },
      script: [
        {
          when: ({ path, headers }) =>
            path === '/token' && headers.authorization !== undefined,
          reply: failure(403, 'DENIED'),
        },
      ],
    },
    {
      what: 'lets a package be read that the token may not write',
      verb: 'checkPush',
      code: null,
      outcome: 'no_access',
      options: { mode: 'token' },
      script: [
        {
          when: (request) =>
            isKnown(request) && ['PATCH', 'POST'].includes(request.method),
          reply: failure(403, 'DENIED'),
        },
      ],
    },
    {
      what: 'runs out of patience between pages of tags, which is no short list',
      verb: 'listTags',
      code: 'REGISTRY_RATE_LIMITED',
      script: [
        {
          when: ({ path, query }) =>
            path.endsWith('/tags/list') && query.has('last'),
          reply: failure(429, 'TOOMANYREQUESTS'),
        },
        {
          when: 'GET /v2/acme/etl/tags/list',
          reply: {
            status: 200,
            headers: {
              link: '</v2/acme/etl/tags/list?n=1&last=1>; rel="next"',
            },
            body: '{"name":"acme/etl","tags":["1"]}',
          },
        },
      ],
    },
  ],
};

/** GitHub's registry: no catalog, no referrers API (community#208530, 2026), no deletion by the registry API. */
export const ghcrInventory = (): FakeRule[] => [
  { when: 'GET /v2/_catalog', reply: { status: 404, body: 'not found' } },
  {
    when: 'GET /v2/*/referrers/*',
    reply: { status: 404, body: '404 page not found' },
  },
  { when: 'DELETE /v2/*', reply: failure(405, 'UNSUPPORTED') },
];
