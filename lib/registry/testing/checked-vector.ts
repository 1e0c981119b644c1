/** One value of a vector that our code does not give. `undefined` is a value that is not there. */
export type Difference = {
  what: string;
  expected: string | undefined;
  got: string | undefined;
};

/** A vector after the code was held to it: it passed when nothing differs. */
export type CheckedVector = { name: string; differences: Difference[] };

/** Compares values by their JSON, whatever the order of their keys. */
export function differences(
  values: readonly (readonly [what: string, expected: unknown, got: unknown])[],
): Difference[] {
  return values.flatMap(([what, expected, got]) => {
    const [one, two] = [canonical(expected), canonical(got)];
    return one === two ? [] : [{ what, expected: one, got: two }];
  });
}

/** The vectors of a file of one of the shared formats. Throws, in a sentence, for anything else. */
export function vectorsOf(root: unknown): unknown[] {
  const vectors: unknown =
    typeof root === 'object' && root !== null && 'vectors' in root
      ? root.vectors
      : undefined;
  if (!Array.isArray(vectors) || vectors.length === 0) {
    throw new Error('It holds no list of vectors.');
  }
  return vectors;
}

function canonical(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(
          Object.entries(part).sort(([one], [two]) => (one < two ? -1 : 1)),
        )
      : part,
  );
}
