import { z } from 'zod';

/** What a team keeps of its logs where it said nothing. */
export const DEFAULT_RETENTION = { days: 90, gigabytes: 5 };

/** As sizes are shown: decimal. */
export const GIGABYTE = 1_000_000_000;

const amount = (noun: string, most: number) =>
  z.preprocess(
    (typed) => (typed === '' ? null : typed),
    z.coerce
      .number({ error: `A number of ${noun}, or nothing.` })
      .int(`Whole ${noun}.`)
      .min(1, 'At least 1.')
      .max(most, `At most ${most}.`)
      .nullable(),
  );

/** How long and how much of them a team keeps logs; `null` is for ever, and however much. */
export const LogRetention = z.object({
  days: amount('days', 3650),
  gigabytes: amount('gigabytes', 100_000),
});
export type LogRetention = z.infer<typeof LogRetention>;

const Removed = z.object({ version: z.literal(1), at: z.iso.datetime() });

/** When a log was removed, and the limit it was past. */
export const LogRemoval = z.discriminatedUnion('by', [
  Removed.extend({ by: z.literal('age'), days: z.number().int() }),
  Removed.extend({ by: z.literal('size'), gigabytes: z.number().int() }),
]);
export type LogRemoval = z.infer<typeof LogRemoval>;

export const KeepLogs = z.object({ buildId: z.uuid(), isKept: z.boolean() });
export type KeepLogs = z.infer<typeof KeepLogs>;

/** How much logs take, in all and of builds that are kept whatever the limits. */
export type LogUsageView = {
  retention: LogRetention;
  bytes: number;
  keptBytes: number;
};

/** @example "The log was removed on 2026-11-27 (kept 90 days); the facts stay." */
export function describeRemoval(removal: LogRemoval): string {
  const why =
    removal.by === 'age'
      ? `kept ${removal.days} ${removal.days === 1 ? 'day' : 'days'}`
      : `all logs together were past ${removal.gigabytes} GB`;
  return `The log was removed on ${removal.at.slice(0, 10)} (${why}); the facts stay.`;
}
