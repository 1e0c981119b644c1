import type { FakeRule } from '../fake-registry';
import { failure } from '../fake-store';

/** Docker Hub: no catalog, and 405 for deletions (hub-feedback#2360, 2023). */
export const dockerHub = (): FakeRule[] => [
  { when: 'GET /v2/_catalog', reply: failure(401, 'UNAUTHORIZED') },
  { when: 'DELETE /v2/*', reply: failure(405, 'UNSUPPORTED') },
];
