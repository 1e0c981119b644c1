import { z } from 'zod';
import { RegistryError } from '@/lib/registry/errors';
import {
  familiarReference,
  formatReference,
  parseReference,
  pullReference,
  readReference,
} from '@/lib/registry/reference';
import { type CheckedVector, differences, vectorsOf } from './checked-vector';

const Reading = z.looseObject({
  ok: z.boolean(),
  domain: z.string().nullish(),
  canonical: z.string().optional(),
  familiar: z.string().optional(),
});
// Longer texts are no references to us, whatever the grammar says.
const MAX_INPUT = 1024;

const Vector = z.object({
  input: z.string(),
  normalized: Reading,
  strict: Reading,
  normalizedWithSha384And512: Reading.optional(),
  pullRef: z.string().nullable(),
});

/** Holds the reading of image references to the vectors of a `reference.json`. */
export function checkReferenceVectors(root: unknown): CheckedVector[] {
  return vectorsOf(root)
    .map((vector) => Vector.parse(vector))
    .map((vector) => {
      const { input, normalized, normalizedWithSha384And512: all } = vector;
      return {
        name: JSON.stringify(input),
        differences: differences([
          [
            'normalized',
            normalized,
            readReference(input, 'familiar', ['sha256']),
          ],
          ['strict', vector.strict, readReference(input, 'strict', ['sha256'])],
          [
            'normalizedWithSha384And512',
            all ?? normalized,
            readReference(input, 'familiar', ['sha256', 'sha384', 'sha512']),
          ],
          ['pullRef', vector.pullRef, pullReferenceOf(input)],
          ['parsed', parsedFrom(vector), parsedBy(vector)],
        ]),
      };
    });
}

type Vector = z.infer<typeof Vector>;

/** What the parser for people has to make of a vector: its two forms, or null for a refusal. */
function parsedFrom({ input, normalized, ...vector }: Vector) {
  const { ok, domain, canonical, familiar } = normalized;
  const isOk = vector.normalizedWithSha384And512?.ok ?? ok;
  if (!isOk || domain === null || input.length > MAX_INPUT) return null;
  return ok ? [canonical, familiar] : parsedBy({ input });
}

function parsedBy({ input }: Pick<Vector, 'input'>) {
  try {
    const reference = parseReference(input);
    return [formatReference(reference), familiarReference(reference)];
  } catch (error) {
    if (error instanceof RegistryError) return null;
    throw error;
  }
}

function pullReferenceOf(input: string): string | null {
  const reading = readReference(input, 'familiar', ['sha256']);
  if (!reading.ok) return null;
  const { domain, path, tag, digest } = reading;
  const reference = pullReference({
    registry: domain ?? '',
    repository: path,
    ...(tag === null ? {} : { tag }),
    ...(digest === null ? {} : { digest }),
  });
  const text = formatReference(reference);
  return domain === null ? text.slice(1) : text;
}
