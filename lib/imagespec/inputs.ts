import { z } from 'zod';
import { ImageSpec } from './schema';

const MAX_REQUIREMENTS = 512 * 1024;

const requirementsText = z
  .string()
  .max(MAX_REQUIREMENTS, 'Keep the requirements text under 512 KiB.');

const definition = {
  fields: ImageSpec,
  /** The text of the file that `fields.requirements` names. */
  requirements: requirementsText.nullable(),
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

/** A file as it was pasted or uploaded; it is read, never run. */
export const ImportPython = z.object({
  source: z.string(),
  fileName: z
    .string()
    .trim()
    .min(1, 'Name the file, such as workflows/train.py.')
    .max(200, 'Use at most 200 characters.')
    .regex(/^\P{Cc}*$/u, 'Keep this on one line.')
    .regex(/\.py$/, 'Name a Python file, such as workflows/train.py.'),
  /** Texts of requirements files, by the path the specs name. */
  requirements: z.record(z.string().max(1024), requirementsText),
  /** Names, as `planImport` gives them, of the specs to save. */
  specs: z.array(z.string().max(512)).max(1000),
});
export type ImportPython = z.infer<typeof ImportPython>;
