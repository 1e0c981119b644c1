import { requirementsDigest, type Digests } from './digests';
import { lockTool, pyprojectPath } from './requirements';
import type { ImageSpec, SpecFiles } from './schema';

/** What is asked for beside the fields: the texts and the project they name, the secrets, and the base that is a spec. */
export type DefinitionParts = {
  /** The text of the requirements file or lock file, `null` when there is none. */
  requirements: string | null;
  /** The text of `pyproject.toml` beside a lock file. */
  pyproject: string | null;
  /** SHA-256 of the packed project folder. */
  archive: string | null;
  /** What `pip_secret_mounts` calls a file → name of the team's secret, where that is another. */
  secretNames: Record<string, string>;
  /** The revision in `fields.base_image`, when that is a spec. */
  baseRevisionId: string | null;
  /** The flytekit to install; `null` takes the team's. */
  flytekitVersion: string | null;
};

/** Nothing beside the fields. */
export const emptyDefinition: DefinitionParts = {
  requirements: null,
  pyproject: null,
  archive: null,
  secretNames: {},
  baseRevisionId: null,
  flytekitVersion: null,
};

/** Path → text of the files a definition names. */
export function filesOf(
  { requirements: path }: ImageSpec,
  {
    requirements,
    pyproject,
  }: Pick<DefinitionParts, 'requirements' | 'pyproject'>,
): SpecFiles {
  if (!path || requirements === null) return {};
  return {
    [path]: requirements,
    ...(lockTool(path) && pyproject !== null
      ? { [pyprojectPath(path)]: pyproject }
      : {}),
  };
}

/** The inverse of `filesOf`, for texts or whatever else stands for them. */
export function partsOf<Text>(
  { requirements: path }: ImageSpec,
  files: Readonly<Record<string, Text>>,
): { requirements: Text | null; pyproject: Text | null } {
  if (!path) return { requirements: null, pyproject: null };
  return {
    requirements: files[path] ?? null,
    pyproject: lockTool(path) ? (files[pyprojectPath(path)] ?? null) : null,
  };
}

/** What flytekit reads from disk for the tag. `project` gives the digests of the project's files, `base` the base's. */
export function digestsOf(
  fields: ImageSpec,
  requirements: string | null,
  project: Pick<Digests, 'copy' | 'source'>,
  base: Digests | null,
): Digests {
  return {
    ...project,
    ...(fields.requirements && requirements !== null
      ? { requirements: requirementsDigest(requirements) }
      : {}),
    ...(base ? { base } : {}),
  };
}
