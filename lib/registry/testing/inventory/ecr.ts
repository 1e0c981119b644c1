import type { FakeRule } from '@/lib/registry/testing/fake-registry';
import { failure } from '@/lib/registry/testing/fake-store';

/** Amazon ECR: at most 1,000 tags a page, more gives 405; its catalog is the AWS API's. */
export const ecr = (): FakeRule[] => [
  {
    when: ({ path, query }) =>
      path.endsWith('/tags/list') && Number(query.get('n')) > 1000,
    reply: failure(405, 'UNSUPPORTED'),
  },
  { when: 'GET /v2/_catalog', reply: { status: 404, body: '' } },
];
