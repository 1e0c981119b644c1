import { baseName } from '@/lib/imagespec/field-rules';
import { lockTool } from '@/lib/imagespec/requirements';
import type { ImageSpec } from '@/lib/imagespec/schema';
import { splitShellWords } from '@/lib/imagespec/shell-words';
import { type Rule, without, withoutEntry } from './finding';
import { quoted, readRequirement, requirementsOf } from './requirement';

/** A lock file names every package; flytekit's builder refuses others beside it. */
export const lockAndPackages: Rule = ({ spec }) => {
  const tool = lockTool(spec.requirements ?? '');
  if (!tool || spec.packages === undefined) return [];
  const isEmpty = spec.packages.length === 0;
  return [
    {
      rule: 'lock-and-packages',
      severity: 'error',
      field: 'packages',
      message: isEmpty
        ? `packages is an empty list beside ${tool}.lock. Leave it out.`
        : `Remove the packages; ${tool}.lock names them all.`,
      why: 'flytekit’s builder refuses packages beside a lock file, an empty list too.',
      ...(isEmpty
        ? {
            fix: {
              label: 'Leave packages out',
              apply: (current) => without(current, 'packages'),
            },
          }
        : {}),
    },
  ];
};

/** `pyproject.toml` as requirements file: its raw lines would be installed. */
export const pyprojectAsRequirements: Rule = ({ spec }) =>
  baseName(spec.requirements ?? '') === 'pyproject.toml'
    ? [
        {
          rule: 'pyproject-as-requirements',
          severity: 'error',
          field: 'requirements',
          message:
            'A pyproject.toml is no list of requirements. Name its lock file, uv.lock or poetry.lock, or a requirements.txt.',
          why: 'flytekit passes its lines on as requirements, and the first one, “[project]”, already fails.',
        },
      ]
    : [];

/** conda and uv both write into one environment and do not know of each other. */
export const condaAndUv: Rule = (input) => {
  const { spec } = input;
  const conda = (spec.conda_packages ?? []).flatMap((entry) =>
    entry
      .split(/\s+/)
      .map((word) => /^(?:.*::)?([\w.-]*)/.exec(word)?.[1] ?? ''),
  );
  const installed = requirementsOf(input).filter(
    ({ field }) => field !== 'runtime_packages',
  );
  if (spec.conda_packages === undefined || installed.length === 0) return [];
  const both = installed.find(
    ({ name }) =>
      name !== null && conda.map((one) => one.toLowerCase()).includes(name),
  );
  return [
    both
      ? {
          rule: 'conda-and-uv',
          severity: 'warning',
          field: both.field,
          line: both.line,
          message: `${both.name} is installed by conda and again by uv. Keep it in one of the two.`,
          why: 'uv overwrites the files of conda’s package, without regard to what conda’s other packages need.',
        }
      : {
          rule: 'conda-and-uv',
          severity: 'info',
          field: 'conda_packages',
          message: 'conda and uv install into one environment.',
          why: 'conda comes first; uv then knows nothing of its packages’ needs and may replace what they share. Pin what both bring, such as numpy.',
        },
  ];
};

/** With an interpreter of the base image there is no conda. */
export const pythonExecAndConda: Rule = ({ spec }) =>
  spec.python_exec
    ? (['conda_channels', 'conda_packages'] as const)
        .filter((field) => spec[field] !== undefined)
        .map((field) => ({
          rule: 'python-exec-and-conda',
          severity: 'error',
          field,
          message: `Remove ${field}, or python_exec.`,
          why: 'With python_exec packages go into the base image’s own Python; the builder has no conda then and refuses it.',
        }))
    : [];

/** With an interpreter of the base image the version asked for has no effect. */
export const pythonExecAndVersion: Rule = ({ spec }) =>
  spec.python_exec && spec.python_version !== undefined
    ? [
        {
          rule: 'python-version-unused',
          severity: 'info',
          field: 'python_version',
          message: 'python_version has no effect beside python_exec.',
          why: 'The interpreter of the base image is used, whatever its version. It counts in the tag all the same.',
        },
      ]
    : [];

/** Packages installed by a command, where no tool can see them. */
export const pipInCommands: Rule = ({ spec }) =>
  (spec.commands ?? []).flatMap((command, index) => {
    if (!/(?:^|[\s;&|(])(?:pip3?|uv\s+pip)\s+install\s/.test(command))
      return [];
    const packages = simpleInstall(command);
    const canMove = packages && !lockTool(spec.requirements ?? '');
    return [
      {
        rule: 'pip-in-commands',
        severity: 'warning',
        field: 'commands',
        line: index + 1,
        message: 'A command installs Python packages. Put them into packages.',
        why: 'In packages they are resolved together with the others, go through the indexes and the cache of the build, and are seen by whoever looks for a package.',
        ...(canMove
          ? {
              fix: {
                label: `Move ${quoted(packages.join(', '))} to packages`,
                apply: (current) => movePackages(current, index, packages),
              },
            }
          : {}),
      },
    ];
  });

function movePackages(
  spec: ImageSpec,
  index: number,
  packages: readonly string[],
): ImageSpec {
  return {
    ...withoutEntry(spec, 'commands', index),
    packages: [...(spec.packages ?? []), ...packages],
  };
}

/** The packages of a command that does nothing but install them, without an option. */
function simpleInstall(command: string): string[] | undefined {
  const split = splitShellWords(command);
  if (!split.ok) return undefined;
  const { words } = split;
  const at = words.indexOf('install');
  const program = words.slice(0, at + 1).join(' ');
  if (!/^(?:(?:python3? -m )?pip3?|uv pip) install$/.test(program)) {
    return undefined;
  }
  const packages = words.slice(at + 1);
  return packages.length > 0 && packages.every(isPackage)
    ? packages
    : undefined;
}

function isPackage(word: string): boolean {
  return (
    readRequirement(word) !== undefined && !/\/|\.(?:whl|gz|zip)$/.test(word)
  );
}

/** Installed at every start of a task, by pip, from the network. */
export const runtimePackages: Rule = ({ spec }) =>
  spec.runtime_packages && spec.runtime_packages.length > 0
    ? [
        {
          rule: 'runtime-packages',
          severity: 'info',
          field: 'runtime_packages',
          message: 'These are installed whenever a task starts.',
          why: 'Each start waits for pip and for the index, pip has to be in the image, and the tag does not tell that they changed. Good for trying something out; put them into packages to keep them.',
        },
      ]
    : [];
