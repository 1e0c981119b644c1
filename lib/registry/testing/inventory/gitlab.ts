import type { FakeRule } from '@/lib/registry/testing/fake-registry';
import { failure } from '@/lib/registry/testing/fake-store';

/** GitLab: a catalog for administrators only, refused by the token server; no referrers API (as of 2026). */
export const gitlab = (): FakeRule[] => [
  {
    when: ({ path, query }) =>
      path === '/token' && query.getAll('scope').join().includes('catalog'),
    reply: failure(403, 'DENIED'),
  },
  { when: 'GET /v2/*/referrers/*', reply: failure(404, 'NOT_FOUND') },
];
