import { z } from 'zod';
import {
  parseChallenges,
  pickChallenge,
  splitScopes,
} from '@/lib/registry/challenge';
import { type CheckedVector, differences, vectorsOf } from './checked-vector';

const Vector = z.object({
  name: z.string(),
  headers: z.array(z.string()),
  challenges: z.array(z.unknown()),
  malformed: z.boolean(),
  pick: z.string().nullable(),
  scopes: z.array(z.string()).optional(),
});

/** Holds the reading of `WWW-Authenticate` headers to the vectors of a `challenge.json`. */
export function checkChallengeVectors(root: unknown): CheckedVector[] {
  return vectorsOf(root)
    .map((vector) => Vector.parse(vector))
    .map((vector) => {
      const reading = parseChallenges(vector.headers);
      const picked = pickChallenge(reading.challenges);
      return {
        name: vector.name,
        differences: differences([
          ['challenges', vector.challenges, reading.challenges],
          ['malformed', vector.malformed, reading.malformed],
          ['pick', vector.pick, picked?.scheme ?? null],
          ...(vector.scopes
            ? ([
                ['scopes', vector.scopes, splitScopes(picked?.params.scope)],
              ] as const)
            : []),
        ]),
      };
    });
}
