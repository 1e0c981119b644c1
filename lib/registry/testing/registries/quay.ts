import type { FakeRule } from '@/lib/registry/testing/fake-registry';
import { failure } from '@/lib/registry/testing/fake-store';
import { isPublic, type ScriptedRegistry } from './behaviour';

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
    {
      what: 'says of a missing tag that the manifest is unknown',
      verdict: 'missing_tag',
      reference: 'acme/etl:2',
      options: { mode: 'token', isPublic },
    },
  ],
  client: [
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
    {
      what: 'gives no token for the action delete, and deletes for who may push',
      verb: 'deleteManifest',
      code: null,
      options: { mode: 'token' },
      script: [
        {
          when: ({ path, query }) =>
            path === '/token' &&
            query.getAll('scope').join().includes('delete'),
          reply: failure(400, 'INVALID_REQUEST'),
        },
      ],
    },
  ],
};

/** Quay: pages of 50, the oldest tag first, and a link with a position that only Quay understands (regclient#272). */
export const quayInventory = (
  name: string,
  tags: readonly string[],
): FakeRule[] => [
  {
    when: `GET /v2/${name}/tags/list`,
    reply: ({ path, query }) => {
      const page = Number(query.get('next_page')?.replace('gAAAA', '') ?? 0);
      const shown = tags.slice(page * 50, page * 50 + 50);
      const hasMore = tags.length > page * 50 + 50;
      const link = `<${path}?n=50&next_page=gAAAA${String(page + 1)}>; rel="next"`;
      const headers: Record<string, string> = hasMore ? { link } : {};
      return {
        status: 200,
        headers,
        body: JSON.stringify({ name, tags: shown }),
      };
    },
  },
];
