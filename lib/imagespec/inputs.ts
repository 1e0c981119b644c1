import { z } from 'zod';
import { DEFAULT_PROJECT, ProjectName } from './projects';
import { ImageSpec } from './schema';
import { SecretName } from './secrets';
import { FlytekitVersion } from './team-defaults';

const MAX_REQUIREMENTS = 512 * 1024;

const requirementsText = z
  .string()
  .max(MAX_REQUIREMENTS, 'Keep the requirements text under 512 KiB.');

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const definition = {
  fields: ImageSpec,
  /** The text of the file that `fields.requirements` names. */
  requirements: requirementsText.nullable(),
  /** The text of `pyproject.toml`, when the requirements are a lock file. */
  pyproject: requirementsText.nullable(),
  /** SHA-256 of an uploaded project folder, when the image copies from it. */
  archive: Sha256.nullable(),
  /** What `pip_secret_mounts` calls a file → name of the team's secret, where that is another. */
  secretNames: z.record(z.string().max(1024), SecretName),
  /** The revision that stands in `fields.base_image`, when that is a spec. */
  baseRevisionId: z.uuid().nullable(),
  /** The flytekit to install; `null` takes the team's. */
  flytekitVersion: FlytekitVersion.nullable(),
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

export const RestoreRevision = z.object({
  specId: z.uuid(),
  /** The revision to save again. */
  number: z.number().int().positive(),
  /** The newest one known: restoring over a newer one is refused. */
  baseRevision: z.number().int().positive(),
});
export type RestoreRevision = z.infer<typeof RestoreRevision>;

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
  /** What the file reads from its environment; `null` for what is not set there. */
  environment: z
    .record(z.string().max(200), z.string().max(2000).nullable())
    .optional(),
  /** Names, as `planImport` gives them, of the specs to save. */
  specs: z.array(z.string().max(512)).max(1000),
  /** The project its tasks belong to; a new name makes one. */
  project: ProjectName.default(DEFAULT_PROJECT),
});
export type ImportPython = z.infer<typeof ImportPython>;
