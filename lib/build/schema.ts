import { z } from 'zod';
import { Digest } from '@/lib/registry/schema';

/** Builds asked for together: of one spec, of many, and of what stands on them. */
export const StartBuilds = z.object({
  specs: z
    .array(
      z.object({
        specId: z.uuid(),
        /** The current revision when left out. */
        revision: z.number().int().positive().optional(),
      }),
    )
    .min(1)
    .max(200),
  /** Also every live spec that stands on one of them. */
  withDependents: z.boolean().default(false),
  /** Runs every step again instead of taking what the engine has cached. Always builds. */
  noCache: z.boolean().default(false),
  /**
   * For a tag that is in the registry already, made by nobody here knows whom: ask the person, build it anew, or use what is there
   * as long as it is still the digest that the person was shown for the spec.
   */
  there: z
    .union([
      z.enum(['ask', 'rebuild']),
      z.object({ use: z.record(z.uuid(), Digest) }),
    ])
    .default('ask'),
});
export type StartBuilds = z.infer<typeof StartBuilds>;

export const BuildId = z.object({ buildId: z.uuid() });
export type BuildId = z.infer<typeof BuildId>;

export const RebuildInput = z.object({
  buildId: z.uuid(),
  noCache: z.boolean().default(false),
});
export type RebuildInput = z.infer<typeof RebuildInput>;
