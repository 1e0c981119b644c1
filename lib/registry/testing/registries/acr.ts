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
  reply: challenged('Bearer realm="/oauth2/token",service="acme.azurecr.io"'),
};

/** Anonymous pull is a switch of the whole registry; without it the token server says 401. */
export const acr: ScriptedRegistry = {
  name: 'Azure Container Registry',
  seen: '2026-08',
  verdicts: [
    {
      what: 'serves strangers where anonymous pull is on',
      verdict: 'public',
      options: { mode: 'token', isPublic },
    },
    {
      what: 'refuses strangers at /oauth2/token where it is off',
      verdict: 'private_or_missing',
      script: [
        challenge,
        { when: 'GET /oauth2/token', reply: failure(401, 'UNAUTHORIZED') },
      ],
    },
    {
      what: 'says of a missing repository that it is not found, where it is on',
      verdict: 'missing_repository',
      reference: 'acme/nothing:1',
    },
    {
      what: 'says of a missing tag that the manifest is unknown',
      verdict: 'missing_tag',
      reference: 'acme/etl:2',
      options: { mode: 'token', isPublic },
    },
    {
      what: 'serves an identity of its own where anonymous pull is off',
      verdict: 'private',
      withCredential: true,
      options: { mode: 'token' },
    },
  ],
};

/** Azure: a deletion needs the action `delete`, which its challenge names, in the token asked for. */
export const acrInventory = (origin: string): FakeRule[] => {
  let isGranted = false;
  return [
    {
      when: ({ path, query }) => {
        isGranted ||=
          path === '/token' && query.getAll('scope').join().includes('delete');
        return false;
      },
      reply: { status: 500 },
    },
    {
      when: ({ method }) => method === 'DELETE' && !isGranted,
      reply: ({ path }) => {
        const name = /^\/v2\/(.+)\/manifests\//.exec(path)?.[1] ?? '';
        return failure(401, 'UNAUTHORIZED', {
          'www-authenticate': `Bearer realm="${origin}/token",service="fake",scope="repository:${name}:delete",error="insufficient_scope"`,
        });
      },
    },
  ];
};
