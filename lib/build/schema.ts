import { z } from 'zod';

export const StartBuild = z.object({
  specId: z.uuid(),
  /** The current revision when left out. */
  revision: z.number().int().positive().optional(),
  /** Runs every step again instead of taking what the engine has cached. */
  noCache: z.boolean().default(false),
});
export type StartBuild = z.infer<typeof StartBuild>;

export const BuildId = z.object({ buildId: z.uuid() });
export type BuildId = z.infer<typeof BuildId>;

export const RebuildInput = z.object({
  buildId: z.uuid(),
  noCache: z.boolean().default(false),
});
export type RebuildInput = z.infer<typeof RebuildInput>;
