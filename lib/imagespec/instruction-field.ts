import { DEFAULT_BASE_IMAGE } from './defaults';
import type { FieldName } from './fields';
import { joinContinuedLines } from './package-rules';
import type { ImageSpec } from './schema';

/** What the builder itself adds to every image: no field asks for it. */
const BUILDERS_OWN =
  /^RUN (?:test -f \S+ca-certificates\.crt |id -u flytekit |chown -R flytekit \/root |uv pip install poetry$|mkdir -p \$HOME && echo )/;

/** Beginnings and parts that only one instruction of `toDockerfile` has, and the field it is there for. */
const RUNS: readonly [RegExp, FieldName][] = [
  [/^RUN apt-get update && apt-get install /, 'apt_packages'],
  [/^RUN micromamba config set use_lockfiles False /, 'conda_packages'],
  [/ --requirement requirements_uv\.txt/, 'packages'],
  [/\buv sync .*--locked|\bpoetry install\b/, 'requirements'],
];

/**
 * The field that an instruction of `toDockerfile` is there for; `null` for what the builder adds to every image.
 *
 * `title` is the instruction in one line, without its mounts, as engines name their steps; they may cut it short.
 */
export function fieldOfInstruction(
  title: string,
  spec: ImageSpec,
): FieldName | null {
  const text = oneLine(title);
  const image =
    /^FROM (\S+)/.exec(text)?.[1] ?? /^load metadata for (\S+)/.exec(text)?.[1];
  if (image !== undefined) return fieldOfImage(image, spec);
  if (/^COPY (?:--chown=\S+ )?\.\/src \/root\b/.test(text))
    return 'source_root';
  if (/^COPY (?:--chown=\S+ )?\["copy/.test(text)) return 'copy';
  if (!text.startsWith('RUN ')) return null;
  if (isCommands(text, spec)) return 'commands';
  if (BUILDERS_OWN.test(text)) return null;
  return RUNS.find(([pattern]) => pattern.test(text))?.[1] ?? null;
}

/** A helper image that the team set, and not the spec, belongs to no field. */
function fieldOfImage(image: string, spec: ImageSpec): FieldName | null {
  if ((spec.builder_config ?? []).some(([, name]) => isImage(image, name)))
    return 'builder_config';
  const { base_image: base } = spec;
  if (typeof base === 'object') return null;
  return isImage(image, base || DEFAULT_BASE_IMAGE) ? 'base_image' : null;
}

/** Engines write out `docker.io/library/`, and may add the digest they found. */
function isImage(found: string, written: string): boolean {
  const [name = ''] = found.split('@');
  const [wanted = ''] = written.split('@');
  return name === wanted || name.endsWith(`/${wanted}`);
}

/** The commands stand in one instruction, which may have been cut short. */
function isCommands(text: string, { commands }: ImageSpec): boolean {
  if (!commands?.length) return false;
  const joined = oneLine(commands.map(joinContinuedLines).join(' && '));
  const own = text.replace(/^RUN /, '').replace(/^true; (?=[-[#])/, '');
  return own !== '' && joined.startsWith(own);
}

function oneLine(text: string): string {
  return text
    .replace(/\\\r?\n/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}
