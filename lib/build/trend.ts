/** Steps of a build that came from the cache, of all it had. */
export type CacheCount = { cached: number; total: number };

/** So that what is next to nothing can still be seen and clicked. */
const LOWEST = 0.06;

/**
 * How high each bar stands, from 0 to 1, against `full`, or else the largest value; `null` where there is no value. What
 * is next to nothing keeps a little height.
 */
export function barHeights(
  values: readonly (number | null)[],
  full = Math.max(0, ...values.map((value) => value ?? 0)),
): (number | null)[] {
  return values.map((value) => {
    if (value === null) return null;
    return full === 0 ? LOWEST : Math.max(LOWEST, value / full);
  });
}

/** The one in the middle, `null` of none. One that took very long does not move it. */
export function median(values: readonly (number | null)[]): number | null {
  const known = values
    .filter((value) => value !== null)
    .toSorted((a, b) => a - b);
  const upper = known[Math.floor(known.length / 2)];
  const lower = known[Math.ceil(known.length / 2) - 1];
  return upper === undefined || lower === undefined
    ? null
    : (upper + lower) / 2;
}

/** From 0 to 1, `null` where there were no steps. */
export function cachedShare({ cached, total }: CacheCount): number | null {
  return total === 0 ? null : cached / total;
}

/** The counts of several builds together. */
export function sumOfCache(counts: readonly CacheCount[]): CacheCount {
  return counts.reduce(
    (sum, { cached, total }) => ({
      cached: sum.cached + cached,
      total: sum.total + total,
    }),
    { cached: 0, total: 0 },
  );
}
