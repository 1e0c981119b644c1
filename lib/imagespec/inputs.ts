import { z } from 'zod';
import { ImageSpec } from './schema';

const MAX_REQUIREMENTS = 512 * 1024;

const definition = {
  fields: ImageSpec,
  /** The text of the file that `fields.requirements` names. */
  requirements: z
    .string()
    .max(MAX_REQUIREMENTS, 'Keep the requirements text under 512 KiB.')
    .nullable(),
  /** Where its images go; the name in `fields.registry` must lie there. `null`: wherever the fields say. */
  registryId: z.uuid().nullable(),
  message: z
    .string()
    .trim()
    .max(300, 'Use at most 300 characters.')
    .regex(/^\P{Cc}*$/u, 'Keep this on one line.')
    .default(''),
};

export const CreateSpec = z.object(definition);
export type CreateSpec = z.infer<typeof CreateSpec>;

export const SaveRevision = z.object({
  ...definition,
  specId: z.uuid(),
  /** The revision the edit began from: saving over a newer one is refused. */
  baseRevision: z.number().int().positive(),
});
export type SaveRevision = z.infer<typeof SaveRevision>;

export const SpecId = z.object({ specId: z.uuid() });
export type SpecId = z.infer<typeof SpecId>;
