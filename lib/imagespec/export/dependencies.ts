import { withBases } from '@/lib/imagespec/code/bases';
import {
  DEFAULT_FLYTEKIT_VERSION,
  DEFAULT_PYTHON_VERSION,
} from '@/lib/imagespec/defaults';
import { readRequirement } from '@/lib/imagespec/lint/requirement';
import { entryWords } from '@/lib/imagespec/package-rules';
import { pyRepr } from '@/lib/imagespec/python-repr';
import { toInstallPlan } from '@/lib/imagespec/requirements';
import type { ImageSpec, SpecFiles } from '@/lib/imagespec/schema';

export type ExportInput = {
  spec: ImageSpec;
  /** Texts of the requirements files that the spec names. */
  files: SpecFiles;
  /** Those of the base that is a spec, of that one's base, and so on: two specs may mean different files by one path. */
  baseFiles?: readonly SpecFiles[];
  flytekitVersion?: string;
};

/** A file for a laptop, and what it cannot say. */
export type ExportedFile = { text: string; notes: string[] };

/** What an image installs that a laptop can install too. */
export type Dependencies = {
  /** The last part of the image's name. */
  name: string;
  python: { version: string; isNamed: boolean };
  /** Lines of requirements, flytekit among them: those of the bases first, and of one package the last. */
  lines: string[];
  /** Installed when a task starts. */
  runtimeLines: string[];
  /** The lock file that names the packages instead. */
  lock: { tool: 'uv' | 'poetry'; path: string } | null;
  /** Lock files of bases, whose packages are in no line here. */
  baseLocks: string[];
  index: string | null;
  extraIndexes: string[];
  /** Options of the installer. */
  args: string;
  condaPackages: string[];
  condaChannels: string[];
  aptPackages: string[];
};

/** Throws `SPEC_INVALID` when the text of a requirements file is not given. */
export function toDependencies(input: ExportInput): Dependencies {
  const { spec, flytekitVersion = DEFAULT_FLYTEKIT_VERSION } = input;
  const chain = withFiles(input).reverse();
  const specs = chain.map((one) => one.spec);
  const plans = chain.map((one) =>
    toInstallPlan(one.spec, one.files, flytekitVersion),
  );
  const last = plans.at(-1);
  const all = <T>(read: (one: ImageSpec) => readonly T[] | undefined): T[] => [
    ...new Set(specs.flatMap((one) => read(one) ?? [])),
  ];
  return {
    name: spec.name.toLowerCase().split('/').at(-1) ?? '',
    python: pythonOf(specs),
    lines: mergeLines(
      plans.map((plan) => (plan.kind === 'requirements' ? plan.lines : [])),
    ),
    runtimeLines: all((one) => one.runtime_packages),
    lock:
      last && last.kind !== 'requirements'
        ? { tool: last.kind, path: spec.requirements ?? '' }
        : null,
    baseLocks: plans
      .slice(0, -1)
      .flatMap((plan, index) =>
        plan.kind === 'requirements' ? [] : (specs[index]?.requirements ?? []),
      ),
    index: spec.pip_index || null,
    extraIndexes: all((one) => one.pip_extra_index_url),
    args: spec.pip_extra_args?.trim() ?? '',
    condaPackages: all((one) => one.conda_packages?.flatMap(entryWords)),
    condaChannels: all((one) => one.conda_channels),
    aptPackages: all((one) => one.apt_packages?.flatMap(entryWords)),
  };
}

/** The spec and its bases, each with the texts it names. */
export function withFiles({
  spec,
  files,
  baseFiles = [],
}: ExportInput): { spec: ImageSpec; files: SpecFiles }[] {
  return withBases(spec).map((one, index) => ({
    spec: one,
    files: (index === 0 ? files : baseFiles[index - 1]) ?? {},
  }));
}

function pythonOf(specs: readonly ImageSpec[]): Dependencies['python'] {
  const written = specs.at(-1)?.python_version;
  const text = typeof written === 'object' ? pyRepr(written) : (written ?? '');
  const isNamed = /^3\.\d/.test(text);
  return { version: isNamed ? text : DEFAULT_PYTHON_VERSION, isNamed };
}

/** In an image, what a later layer installs takes the place of what an earlier one did. */
function mergeLines(layers: readonly (readonly string[])[]): string[] {
  const nameOf = (line: string) => readRequirement(line)?.name ?? null;
  return layers.flatMap((lines, index) => {
    const later = new Set(
      layers
        .slice(index + 1)
        .flat()
        .map(nameOf),
    );
    return lines.filter((line) => {
      const name = nameOf(line);
      return name === null || !later.has(name);
    });
  });
}

/** What is said of every exported file. */
export function commonNotes({
  python,
  aptPackages,
  baseLocks,
}: Dependencies): string[] {
  const notes: string[] = [];
  if (!python.isNamed) {
    notes.push(`The spec names no Python version; ${python.version} is taken.`);
  }
  if (aptPackages.length > 0) {
    notes.push(
      `The image also has these Debian packages: ${aptPackages.join(', ')}.`,
    );
  }
  if (baseLocks.length > 0) {
    notes.push(
      `The base also has the packages of ${baseLocks.join(', ')}, which are not in it.`,
    );
  }
  return notes;
}

/** Lines as pip reads them: one that ends in a backslash goes on in the next. */
export function joinContinued(lines: readonly string[]): string[] {
  return lines.join('\n').replaceAll(/\\\n/g, '').split('\n');
}

/** How the packages of a lock file are installed on a laptop. */
export function lockCommand({ tool }: { tool: 'uv' | 'poetry' }): string {
  return tool === 'uv' ? 'uv sync --locked' : 'poetry install';
}
