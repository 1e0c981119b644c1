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
   * What a person said of tags that are there already, made by nobody here knows whom: specs to use what is there for, as
   * long as it is still this digest, and specs to build anyhow.
   */
  answers: z
    .object({ use: z.record(z.uuid(), Digest), rebuild: z.array(z.uuid()) })
    .default({ use: {}, rebuild: [] }),
});
export type StartBuilds = z.infer<typeof StartBuilds>;

/** One spec asked for, or many, with nothing answered yet. */
export function askFor(
  specs: StartBuilds['specs'],
  options: Partial<Pick<StartBuilds, 'withDependents' | 'noCache'>> = {},
): StartBuilds {
  return {
    specs,
    withDependents: false,
    noCache: false,
    answers: { use: {}, rebuild: [] },
    ...options,
  };
}

export const BuildId = z.object({ buildId: z.uuid() });
export type BuildId = z.infer<typeof BuildId>;

export const RebuildInput = z.object({
  buildId: z.uuid(),
  noCache: z.boolean().default(false),
});
export type RebuildInput = z.infer<typeof RebuildInput>;
