import { SpecError } from './errors';
import { baseName } from './field-rules';
import { pythonLines, pythonStrip } from './python-text';
import type { ImageSpec, SpecFiles } from './schema';

/** What installs the Python packages: a list of requirements, or a lock file with its `pyproject.toml`. */
export type InstallPlan =
  | { kind: 'requirements'; lines: string[] }
  | { kind: LockTool; lock: string; pyproject: string };

type LockTool = 'uv' | 'poetry';

/** The program whose lock file the requirements are, by the name of the file, as flytekit tells it. */
export function lockTool(requirements: string): LockTool | undefined {
  return (['uv', 'poetry'] as const).find(
    (tool) => baseName(requirements) === `${tool}.lock`,
  );
}

/** Under which path, beside its lock file, the text of `pyproject.toml` is given. */
export function pyprojectPath(requirements: string): string {
  const folder = requirements.slice(0, -baseName(requirements).length);
  return `${folder}pyproject.toml`;
}

/**
 * Throws `SPEC_INVALID` when the text of a file is not given, and for what flytekit's builder or the program refuses
 * beside a lock file.
 */
export function toInstallPlan(
  spec: ImageSpec,
  files: SpecFiles,
  flytekitVersion: string,
): InstallPlan {
  const { requirements: path } = spec;
  const tool = path ? lockTool(path) : undefined;
  if (!path || !tool) {
    const lines = requirementLines(spec, files, flytekitVersion);
    return { kind: 'requirements', lines };
  }
  if (spec.packages !== undefined) {
    const message = `Remove the packages; ${tool}.lock names them all.`;
    throw invalid('packages', message);
  }
  if (tool === 'poetry') refuseIndexes(spec);
  return {
    kind: tool,
    lock: textOf(files, path),
    pyproject: textOf(files, pyprojectPath(path), `, which ${tool}.lock needs`),
  };
}

/** `poetry install` has no such option, so flytekit's build fails at it. */
function refuseIndexes(spec: ImageSpec): void {
  for (const field of ['pip_index', 'pip_extra_index_url'] as const) {
    if (!spec[field]?.length) continue;
    const message = `Remove ${field}: poetry takes its indexes from pyproject.toml.`;
    throw invalid(field, message);
  }
}

/**
 * The lines of `requirements_uv.txt`, as flytekit writes them: the requirements text line by line without the space at
 * both ends, then the packages, then flytekit itself unless one of them already is flytekit.
 */
function requirementLines(
  spec: ImageSpec,
  files: SpecFiles,
  flytekitVersion: string,
): string[] {
  const { requirements: path } = spec;
  const lines = [
    ...(path ? pythonLines(textOf(files, path)).map(pythonStrip) : []),
    ...(spec.packages ?? []),
  ];
  return lines.some(isFlytekit)
    ? lines
    : [...lines, `flytekit==${flytekitVersion}`];
}

/** Whether a requirement installs flytekit itself. Plugins and other spellings do not count, as in flytekit. */
export function isFlytekit(requirement: string): boolean {
  return /^[\p{L}\p{N}_-]+/u.exec(requirement)?.[0] === 'flytekit';
}

function textOf(files: SpecFiles, path: string, why = ''): string {
  const content = Object.hasOwn(files, path) ? files[path] : undefined;
  if (content !== undefined) return content;
  throw invalid('requirements', `Add the text of ${path}${why}.`);
}

function invalid(field: string, message: string): SpecError {
  return new SpecError(message, { [field]: message });
}
