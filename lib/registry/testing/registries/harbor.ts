import type { FakeRule } from '@/lib/registry/testing/fake-registry';
import { failure } from '@/lib/registry/testing/fake-store';
import {
  challenged,
  isPublic,
  isStranger,
  json,
  type ScriptedRegistry,
} from './behaviour';

const bareHead = {
  when: (request: Parameters<typeof isStranger>[0]) =>
    isStranger(request) && request.method === 'HEAD',
  reply: challenged('Bearer realm="/token",service="harbor-registry"'),
};

/** A bare HEAD is challenged even where a GET is not; once a login was sent, the challenge turns into Basic. */
export const harbor: ScriptedRegistry = {
  name: 'Harbor',
  seen: '2026-07 (goharbor/harbor#11271, v2auth/auth.go)',
  verdicts: [
    {
      what: 'challenges a bare HEAD of a public project',
      verdict: 'public',
      script: [
        bareHead,
        { when: 'GET /token', reply: { status: 200, body: '{"token":"t"}' } },
      ],
    },
    {
      what: 'refuses strangers a private project',
      verdict: 'private_or_missing',
      options: { mode: 'token' },
      script: [
        {
          when: ({ path, headers }) =>
            path.startsWith('/v2/acme/') && headers.authorization !== undefined,
          reply: challenged('Basic realm="harbor"'),
        },
      ],
    },
    {
      what: 'answers a missing project with an empty challenge',
      verdict: 'private_or_missing',
      reference: 'nothing/etl:1',
      script: [
        {
          when: '* /v2/nothing/*',
          reply: challenged(''),
        },
        {
          when: 'GET /v2/',
          reply: challenged('Basic realm="harbor"'),
        },
      ],
    },
    {
      what: 'calls a missing repository of a public project not found',
      verdict: 'missing_repository',
      reference: 'acme/nothing:1',
      options: { mode: 'token', isPublic: () => true },
      script: [
        {
          when: ({ path, headers }) =>
            path.startsWith('/v2/acme/nothing/') &&
            headers.authorization !== undefined,
          reply: json(404, {
            errors: [{ code: 'NOT_FOUND', message: 'repository not found' }],
          }),
        },
      ],
    },
    {
      what: 'calls a missing artifact not found',
      verdict: 'missing_tag',
      reference: 'acme/etl:2',
      options: { mode: 'token', isPublic },
      script: [
        {
          when: ({ path, headers }) =>
            path.endsWith('/manifests/2') &&
            headers.authorization !== undefined,
          reply: failure(404, 'NOT_FOUND'),
        },
      ],
    },
    {
      what: 'lets anyone with a login, and nobody else, read an Internal project',
      verdict: 'private',
      withCredential: true,
      options: { mode: 'token' },
    },
  ],
};

/** The catalog needs a permission of the whole system; errors of its own (`NOT_FOUND`); referrers broken until 2.11. */
export const harborInventory = (): FakeRule[] => [
  { when: 'GET /v2/_catalog', reply: failure(401, 'UNAUTHORIZED') },
  {
    when: ({ method, path }) => method === 'DELETE' && path.endsWith(':gone'),
    reply: failure(404, 'NOT_FOUND'),
  },
  {
    when: 'GET /v2/*/referrers/*',
    reply: json(200, { repository: 'acme/etl', accessories: [] }),
  },
];
