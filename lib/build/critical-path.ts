/** A step of a graph: how long it took, and the steps it had to wait for. */
export type GraphStep = { key: string; parents: readonly string[]; ms: number };

/**
 * The chain of steps, each waiting for the one before, that took longest together: the build cannot be faster than it.
 * Parents that are not among the steps count as nothing, and so does a step that would wait for itself.
 */
export function longestChain(steps: readonly GraphStep[]): {
  keys: ReadonlySet<string>;
  ms: number;
} {
  const byKey = new Map(steps.map((step) => [step.key, step]));
  const known = new Map<string, { ms: number; before: string | null }>();
  const open = new Set<string>();

  const measure = (step: GraphStep): number => {
    const done = known.get(step.key);
    if (done) return done.ms;
    if (open.has(step.key)) return 0;
    open.add(step.key);
    let longest = { ms: 0, before: null as string | null };
    for (const parent of step.parents) {
      const input = byKey.get(parent);
      if (!input || open.has(parent)) continue;
      const ms = measure(input);
      if (longest.before === null || ms > longest.ms)
        longest = { ms, before: parent };
    }
    open.delete(step.key);
    const ms = longest.ms + step.ms;
    known.set(step.key, { ms, before: longest.before });
    return ms;
  };

  let last: string | null = null;
  let total = 0;
  for (const step of steps) {
    const ms = measure(step);
    if (ms <= total) continue;
    total = ms;
    last = step.key;
  }
  const keys = new Set<string>();
  for (let key = last; key !== null; key = known.get(key)?.before ?? null)
    keys.add(key);
  return { keys, ms: total };
}
