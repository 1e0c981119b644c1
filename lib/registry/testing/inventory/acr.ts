import type { FakeRule } from '@/lib/registry/testing/fake-registry';
import { failure } from '@/lib/registry/testing/fake-store';

/** Azure: a deletion needs the action `delete`, which its challenge names, in the token asked for. */
export const acr = (origin: string): FakeRule[] => {
  let isGranted = false;
  return [
    {
      when: ({ path, query }) => {
        isGranted ||=
          path === '/token' && query.getAll('scope').join().includes('delete');
        return false;
      },
      reply: { status: 500 },
    },
    {
      when: ({ method }) => method === 'DELETE' && !isGranted,
      reply: ({ path }) => {
        const name = /^\/v2\/(.+)\/manifests\//.exec(path)?.[1] ?? '';
        return failure(401, 'UNAUTHORIZED', {
          'www-authenticate': `Bearer realm="${origin}/token",service="fake",scope="repository:${name}:delete",error="insufficient_scope"`,
        });
      },
    },
  ];
};
