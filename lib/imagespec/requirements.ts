import { DEFAULT_FLYTEKIT_VERSION } from './defaults';
import { SpecError } from './errors';
import { baseName } from './field-rules';
import type { ImageSpec, SpecFiles } from './schema';

// What Python's `str.strip` removes; JavaScript's `trim` differs at both ends of this list.
const PYTHON_SPACE =
  '\\t\\n\\v\\f\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
const STRIP = new RegExp(`^[${PYTHON_SPACE}]+|[${PYTHON_SPACE}]+$`, 'g');
const LOCK_FILES = ['uv.lock', 'poetry.lock'];

/**
 * The lines of `requirements_uv.txt`, as flytekit writes them: the requirements text line by line without the space at
 * both ends, then the packages, then flytekit itself unless one of them already is flytekit.
 *
 * Throws `SPEC_INVALID` for lock files and when the text of the requirements file is not given.
 */
export function requirementLines(
  spec: ImageSpec,
  files: SpecFiles,
  flytekitVersion = DEFAULT_FLYTEKIT_VERSION,
): string[] {
  const lines = [...fileLines(spec, files), ...(spec.packages ?? [])];
  return lines.some(isFlytekit)
    ? lines
    : [...lines, `flytekit==${flytekitVersion}`];
}

/** Whether a requirement installs flytekit itself. Plugins and other spellings do not count, as in flytekit. */
export function isFlytekit(requirement: string): boolean {
  return /^[\p{L}\p{N}_-]+/u.exec(requirement)?.[0] === 'flytekit';
}

function fileLines(spec: ImageSpec, files: SpecFiles): string[] {
  const { requirements: path } = spec;
  if (!path) return [];
  if (LOCK_FILES.includes(baseName(path))) {
    throw invalid(
      `Imageyard does not build from ${baseName(path)} yet. Export it to a requirements.txt.`,
    );
  }
  const content = Object.hasOwn(files, path) ? files[path] : undefined;
  if (content === undefined) throw invalid(`Add the text of ${path}.`);
  const lines = content.split(/\r\n|\r|\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line) => line.replace(STRIP, ''));
}

function invalid(message: string): SpecError {
  return new SpecError(message, { requirements: message });
}
