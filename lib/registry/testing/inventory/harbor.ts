import type { FakeRule } from '@/lib/registry/testing/fake-registry';
import { failure } from '@/lib/registry/testing/fake-store';

/** Harbor: the catalog needs a permission of the whole system; errors of its own (`NOT_FOUND`). */
export const harbor = (): FakeRule[] => [
  { when: 'GET /v2/_catalog', reply: failure(401, 'UNAUTHORIZED') },
  {
    when: ({ method, path }) => method === 'DELETE' && path.endsWith(':gone'),
    reply: failure(404, 'NOT_FOUND'),
  },
];
