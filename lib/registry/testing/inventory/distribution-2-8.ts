import type { FakeRule } from '@/lib/registry/testing/fake-registry';
import { failure, type FakeStore } from '@/lib/registry/testing/fake-store';

/** Debian's docker-registry 2.8: one unsorted page of tags, no deletion by tag, no referrers API. */
export const distribution28 = (store: FakeStore): FakeRule[] => [
  {
    when: 'GET /v2/*/tags/list',
    reply: ({ path }) => {
      const name = path.slice('/v2/'.length, -'/tags/list'.length);
      const tags = [...(store.repositories.get(name)?.tags.keys() ?? [])];
      return { status: 200, body: JSON.stringify({ name, tags }) };
    },
  },
  {
    when: ({ method, path }) =>
      method === 'DELETE' && /\/manifests\/[^:]+$/.test(path),
    reply: failure(400, 'DIGEST_INVALID'),
  },
  {
    when: 'GET /v2/*/referrers/*',
    reply: { status: 404, body: '404 page not found\n' },
  },
];
