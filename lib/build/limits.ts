import { z } from 'zod';

/** How long a build may take, and how long it may print nothing. */
export type BuildLimits = { totalMinutes: number; idleMinutes: number };

/** What holds where neither spec nor team says anything. */
export const DEFAULT_LIMITS: BuildLimits = {
  totalMinutes: 120,
  idleMinutes: 30,
};

const MOST_MINUTES = 24 * 60;
const Minutes = z.preprocess(
  (typed) => (typed === '' ? null : typed),
  z.coerce
    .number({ error: 'A number of minutes, or nothing.' })
    .int('Whole minutes.')
    .min(1, 'At least one minute.')
    .max(MOST_MINUTES, 'At most a day: 1440 minutes.')
    .nullable(),
);

/** Limits of which any may be left to what is above: the team's for a spec, the built-in ones for the team. */
export const OwnLimits = z
  .object({ totalMinutes: Minutes, idleMinutes: Minutes })
  .refine(
    ({ totalMinutes: total, idleMinutes: idle }) =>
      total === null || idle === null || idle <= total,
    {
      path: ['idleMinutes'],
      message: 'More than the whole build may take: it would never count.',
    },
  );
export type OwnLimits = z.infer<typeof OwnLimits>;

export const SetSpecLimits = OwnLimits.and(z.object({ specId: z.uuid() }));
export type SetSpecLimits = z.infer<typeof SetSpecLimits>;

/** The first limits that are given, from the nearest on. */
export function resolveLimits(...own: readonly OwnLimits[]): BuildLimits {
  const pick = (name: keyof BuildLimits) =>
    own.find((limits) => limits[name] !== null)?.[name] ?? DEFAULT_LIMITS[name];
  return {
    totalMinutes: pick('totalMinutes'),
    idleMinutes: pick('idleMinutes'),
  };
}

/** @example describeMinutes(150) // "2 h 30 min" */
export function describeMinutes(minutes: number): string {
  const parts = [
    [Math.floor(minutes / 60), 'h'],
    [minutes % 60, 'min'],
  ].filter(([amount]) => amount !== 0);
  return parts.map((part) => part.join(' ')).join(' ');
}
