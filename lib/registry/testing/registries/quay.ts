import type { FakeReply } from '@/lib/registry/testing/fake-registry';
import { failure } from '@/lib/registry/testing/fake-store';
import { isPublic, type ScriptedRegistry } from './behaviour';

const pages = ['a', 'b', 'c'];

/** Tokens without a life, refused for no scope or an odd action; pages of tags by an opaque mark. */
export const quay: ScriptedRegistry = {
  name: 'Quay',
  seen: '2026-08 (quay v2auth.py, regclient#272)',
  verdicts: [
    {
      what: 'gives a public image for an anonymous token',
      verdict: 'public',
      options: { mode: 'token', isPublic },
      script: [
        {
          when: ({ path, query }) =>
            path === '/token' &&
            (!query.has('scope') ||
              /:(?!pull|push|\*)[^:]*$/.test(query.get('scope') ?? '')),
          reply: failure(400, 'INVALID_REQUEST'),
        },
      ],
    },
    {
      what: 'gives a stranger a token that allows nothing',
      verdict: 'private_or_missing',
      options: { mode: 'token' },
    },
    {
      what: 'refuses a stranger a repository that does not exist',
      verdict: 'private_or_missing',
      reference: 'acme/nothing:1',
      options: { mode: 'token', isPublic },
    },
  ],
  client: [
    {
      what: 'pages its tags, oldest first, by a mark that only it can read',
      verb: 'listTags',
      code: null,
      tags: pages,
      script: [
        {
          when: 'GET /v2/acme/etl/tags/list',
          reply: ({ query }): FakeReply => {
            const at = Number(query.get('next_page') ?? '0');
            const next = `/v2/acme/etl/tags/list?n=1&next_page=${String(at + 1)}`;
            return {
              status: 200,
              headers: at < 2 ? { link: `<${next}>; rel="next"` } : {},
              body: JSON.stringify({ name: 'acme/etl', tags: [pages[at]] }),
            };
          },
        },
      ],
    },
    {
      what: 'caps a page below what was asked for',
      verb: 'listTags',
      code: null,
      tags: ['1'],
      script: [
        {
          when: 'GET /v2/acme/etl/tags/list',
          reply: { status: 200, body: '{"name":"acme/etl","tags":["1"]}' },
        },
      ],
    },
  ],
};
