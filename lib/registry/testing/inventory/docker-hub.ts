import type { FakeRule } from '@/lib/registry/testing/fake-registry';
import { failure } from '@/lib/registry/testing/fake-store';

/** Docker Hub: no catalog, and 405 for deletions (hub-feedback#2360, 2023). */
export const dockerHub = (): FakeRule[] => [
  { when: 'GET /v2/_catalog', reply: failure(401, 'UNAUTHORIZED') },
  { when: 'DELETE /v2/*', reply: failure(405, 'UNSUPPORTED') },
];
