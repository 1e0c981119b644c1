import { z } from 'zod';
import { DefaultImage } from './team-defaults';

/** The project an import goes into when nobody chose one. */
export const DEFAULT_PROJECT = 'default';

/** A project as Flyte names it: a DNS label (RFC 1123 §2.1), because Flyte makes Kubernetes namespaces of it. */
export const ProjectName = z
  .string()
  .trim()
  .min(1, 'Name the project, such as ml-training.')
  .max(63, 'Use at most 63 characters.')
  .regex(
    /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/,
    'Use lower-case letters, digits and dashes, as Flyte does; begin and end with a letter or digit.',
  );

export const CreateProject = z.object({ name: ProjectName });
export type CreateProject = z.infer<typeof CreateProject>;

export const ProjectId = z.object({ projectId: z.uuid() });
export type ProjectId = z.infer<typeof ProjectId>;

export const RenameProject = ProjectId.extend({ name: ProjectName });
export type RenameProject = z.infer<typeof RenameProject>;

export const SetProjectImage = ProjectId.extend({
  /** `null` returns to the team's. */
  image: DefaultImage.nullable(),
});
export type SetProjectImage = z.infer<typeof SetProjectImage>;
