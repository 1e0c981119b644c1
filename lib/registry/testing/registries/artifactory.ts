import type { FakeRule } from '@/lib/registry/testing/fake-registry';

/** Artifactory: its links leave out the key of the virtual repository that the path began with (renovate, 2026). */
export const artifactoryInventory = (
  key: string,
  name: string,
  tags: readonly string[],
): FakeRule[] => [
  {
    when: `GET /v2/${key}/${name}/tags/list`,
    reply: ({ query }) => {
      const rest = tags.slice(tags.indexOf(query.get('last') ?? '') + 1);
      const page = rest.slice(0, 2);
      const link = `</v2/${name}/tags/list?n=2&last=${page.at(-1) ?? ''}>; rel="next"`;
      const headers: Record<string, string> = rest.length > 2 ? { link } : {};
      return {
        status: 200,
        headers,
        body: JSON.stringify({ name, tags: page }),
      };
    },
  },
];
