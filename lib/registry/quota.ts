import { z } from 'zod';

/** What a registry says of its pull limit: so many in a window, so many left, counted for whom. */
export const Quota = z.object({
  limit: z.number(),
  remaining: z.number(),
  windowSeconds: z.number().nullable(),
  /** `docker-ratelimit-source`: the address or account it is counted for. */
  source: z.string().nullable(),
});
export type Quota = z.infer<typeof Quota>;

const LOW = 0.1;
const COUNT = /^\s*(\d{1,9})\s*(?:;\s*w=(\d{1,9})\s*)?$/;

type QuotaHeaders = Record<
  'limit' | 'remaining' | 'source',
  string | undefined
>;

/**
 * Reads `ratelimit-limit`, `ratelimit-remaining` (`100;w=21600`) and `docker-ratelimit-source`. Null when one of the
 * first two is absent or unreadable; absent is how Docker Hub says that nothing is counted.
 */
export function readQuota(headers: QuotaHeaders): Quota | null {
  const limit = COUNT.exec(headers.limit ?? '');
  const remaining = COUNT.exec(headers.remaining ?? '');
  if (!limit || !remaining) return null;
  const window = limit[2] ?? remaining[2];
  const source = headers.source?.trim() ?? '';
  return {
    limit: Number(limit[1]),
    remaining: Number(remaining[1]),
    windowSeconds: window === undefined ? null : Number(window),
    source: /^[\x21-\x7e]{1,100}$/.test(source) ? source : null,
  };
}

/** Whether so little is left that only a person may spend it: a tenth of the limit or less. */
export function isQuotaLow({ limit, remaining }: Quota): boolean {
  return remaining <= limit * LOW;
}
