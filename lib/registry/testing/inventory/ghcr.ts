import type { FakeRule } from '@/lib/registry/testing/fake-registry';
import { failure } from '@/lib/registry/testing/fake-store';

/** GitHub's registry: no catalog, no referrers API (community#208530, 2026), no deletion by the registry API. */
export const ghcr = (): FakeRule[] => [
  { when: 'GET /v2/_catalog', reply: { status: 404, body: 'not found' } },
  {
    when: 'GET /v2/*/referrers/*',
    reply: { status: 404, body: '404 page not found' },
  },
  { when: 'DELETE /v2/*', reply: failure(405, 'UNSUPPORTED') },
];
