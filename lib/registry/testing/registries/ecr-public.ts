import { failure } from '@/lib/registry/testing/fake-store';
import { challenged, isStranger, type ScriptedRegistry } from './behaviour';

const challenge = {
  when: isStranger,
  reply: challenged(
    'Bearer realm="/token/",service="public.ecr.aws",scope="aws"',
  ),
};
const token = {
  when: 'GET /token/',
  reply: { status: 200, body: '{"token":"anonymous"}' },
};

/** A scope of its own spelling, bare 400s for stale tokens, now and then a 429. */
export const ecrPublic: ScriptedRegistry = {
  name: 'ECR Public',
  seen: '2026-08 (aws/containers-roadmap#2835, dockstore#4376)',
  verdicts: [
    {
      what: 'names a scope that is no resource scope',
      verdict: 'public',
      script: [challenge, token],
    },
    {
      what: 'has a 429 between its answers',
      verdict: 'public',
      script: [
        {
          when: '* /v2/acme/etl/manifests/*',
          reply: failure(429, 'TOOMANYREQUESTS', { 'retry-after': '1' }),
          times: 1,
        },
        challenge,
        token,
      ],
    },
    {
      what: 'says of a missing repository that it is not found',
      verdict: 'missing_repository',
      reference: 'acme/nothing:1',
      script: [challenge, token],
    },
    {
      what: 'says of a missing tag that the manifest is unknown',
      verdict: 'missing_tag',
      reference: 'acme/etl:2',
      script: [challenge, token],
    },
  ],
  client: [
    {
      what: 'answers a stale token with a bare 400, which is asked again without it',
      verb: 'headManifest',
      code: null,
      isAnonymous: true,
      script: [
        {
          when: ({ method, headers }) =>
            method === 'HEAD' && headers.authorization !== undefined,
          reply: { status: 400 },
          times: 1,
        },
        challenge,
        token,
      ],
    },
    {
      what: 'once had no list of tags',
      verb: 'listTags',
      code: 'REGISTRY_NOT_FOUND',
      script: [
        challenge,
        token,
        {
          when: 'GET /v2/acme/etl/tags/list',
          reply: failure(404, 'NOT_FOUND'),
        },
      ],
    },
  ],
};
