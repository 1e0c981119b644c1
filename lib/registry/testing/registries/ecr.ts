import type { FakeRule } from '@/lib/registry/testing/fake-registry';
import { failure } from '@/lib/registry/testing/fake-store';
import {
  challenged,
  isKnown,
  isStranger,
  plainText,
  type ScriptedRegistry,
} from './behaviour';

const challenge = {
  when: isStranger,
  reply: challenged(
    'Basic realm="https://123456789012.dkr.ecr.eu-west-1.amazonaws.com/",service="ecr.amazonaws.com"',
  ),
};

/** Basic only, so nothing is ever public; an expired password is answered in plain text. */
export const ecr: ScriptedRegistry = {
  name: 'Amazon ECR',
  seen: '2026-08 (amazon-ecr-credential-helper#7, aws/containers-roadmap#853)',
  verdicts: [
    {
      what: 'refuses every stranger',
      verdict: 'private_or_missing',
      script: [challenge],
    },
    {
      what: 'gives the image to a stored credential',
      verdict: 'private',
      withCredential: true,
      script: [challenge],
    },
    {
      what: 'answers an expired password with 403 in plain text',
      verdict: 'no_access',
      withCredential: true,
      script: [
        challenge,
        {
          when: isKnown,
          reply: plainText(
            403,
            'Your Authorization Token has expired. Please run the login again.',
          ),
        },
      ],
    },
    {
      what: 'tells a credential that the repository does not exist',
      verdict: 'missing_repository',
      withCredential: true,
      reference: 'acme/nothing:1',
      script: [challenge],
    },
    {
      what: 'refuses a stranger what does not exist, in the same words',
      verdict: 'private_or_missing',
      reference: 'acme/nothing:1',
      script: [challenge],
    },
  ],
  client: [
    {
      what: 'wants the repository created before the first push',
      verb: 'checkPush',
      code: null,
      outcome: 'unknown',
      script: [
        challenge,
        {
          when: ({ method }) => method === 'PATCH' || method === 'POST',
          reply: failure(404, 'NAME_UNKNOWN'),
        },
      ],
    },
    {
      what: 'throttles its API',
      verb: 'listTags',
      code: 'REGISTRY_RATE_LIMITED',
      script: [
        challenge,
        { when: isKnown, reply: failure(429, 'TOOMANYREQUESTS') },
      ],
    },
  ],
};

/** Amazon ECR: at most 1,000 tags a page, more gives 405; its catalog is the AWS API's. */
export const ecrInventory = (): FakeRule[] => [
  {
    when: ({ path, query }) =>
      path.endsWith('/tags/list') && Number(query.get('n')) > 1000,
    reply: failure(405, 'UNSUPPORTED'),
  },
  { when: 'GET /v2/_catalog', reply: { status: 404, body: '' } },
];
