import type { FakeRule } from '@/lib/registry/testing/fake-registry';
import { failure, type FakeStore } from '@/lib/registry/testing/fake-store';

/**
 * Google Artifact Registry: a digest cannot be deleted while a tag points to it, and its referrers once led to a login
 * page.
 */
export const gar = (origin: string, store: FakeStore): FakeRule[] => [
  {
    when: ({ method, path }) => {
      const [, name = '', digest = ''] =
        /^\/v2\/(.+)\/manifests\/(sha256:.+)$/.exec(path) ?? [];
      const tags = store.repositories.get(name)?.tags.values() ?? [];
      return method === 'DELETE' && [...tags].includes(digest);
    },
    reply: failure(400, 'GOOGLE_MANIFEST_DANGLING_TAG'),
  },
  {
    when: 'GET /v2/*/referrers/*',
    reply: { status: 302, headers: { location: `${origin}/login` } },
  },
  {
    when: 'GET /login',
    reply: {
      status: 200,
      headers: { 'content-type': 'text/html' },
      body: '<!doctype html><title>Sign in</title>',
    },
  },
];
