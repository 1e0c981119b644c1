import type { FakeRule } from '@/lib/registry/testing/fake-registry';

/** Quay: pages of 50, the oldest tag first, and a link with a position that only Quay understands (regclient#272). */
export const quay = (name: string, tags: readonly string[]): FakeRule[] => [
  {
    when: `GET /v2/${name}/tags/list`,
    reply: ({ path, query }) => {
      const page = Number(query.get('next_page')?.replace('gAAAA', '') ?? 0);
      const shown = tags.slice(page * 50, page * 50 + 50);
      const hasMore = tags.length > page * 50 + 50;
      const link = `<${path}?n=50&next_page=gAAAA${String(page + 1)}>; rel="next"`;
      const headers: Record<string, string> = hasMore ? { link } : {};
      return {
        status: 200,
        headers,
        body: JSON.stringify({ name, tags: shown }),
      };
    },
  },
];
