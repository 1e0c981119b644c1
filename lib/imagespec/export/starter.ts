import { toCondaEnvironment } from './conda';
import {
  toDependencies,
  type Dependencies,
  type ExportInput,
  withFiles,
} from './dependencies';
import { starterReadme } from './starter-readme';
import { toRequirementsTxt } from './requirements-txt';
import { starterTask, type StarterTask } from './starter-tasks';
import { withBases } from '@/lib/imagespec/code/bases';
import { printPython } from '@/lib/imagespec/code/print-python';
import { SpecError } from '@/lib/imagespec/errors';
import { lockTool, pyprojectPath } from '@/lib/imagespec/requirements';
import type { ImageSpec } from '@/lib/imagespec/schema';

export type StarterFile = { path: string; text: string };

const VARIABLE = 'image_spec';
const LAPTOP_FILE = 'requirements.txt';

/**
 * A project that runs: a workflow with the spec's code and a task in its image, the packages for a laptop, the files the
 * spec names, and a README. Paths are relative and stay within the project.
 */
export function toStarterProject(input: ExportInput): StarterFile[] {
  const { spec } = input;
  const dependencies = toDependencies(input);
  const task = starterTask(dependencies.lines);
  const named = namedFiles(input);
  const laptop = laptopFile(input, dependencies, named);
  return [
    { path: 'workflow.py', text: workflow(spec, task) },
    ...(laptop ? [laptop] : []),
    ...named,
    {
      path: 'README.md',
      text: starterReadme({
        spec,
        needs: task.needs,
        dependencies,
        laptopFile: laptop?.path ?? null,
        absent: absentFiles(spec, named),
      }),
    },
  ];
}

/** What installs the packages on a laptop; null where the spec's own lock file does. */
function laptopFile(
  input: ExportInput,
  { lock, condaPackages }: Dependencies,
  named: readonly StarterFile[],
): StarterFile | null {
  if (lock) return null;
  if (condaPackages.length > 0) {
    return { path: 'environment.yml', text: toCondaEnvironment(input).text };
  }
  const isTaken = named.some(({ path }) => path === LAPTOP_FILE);
  const path = isTaken ? 'requirements-laptop.txt' : LAPTOP_FILE;
  return { path, text: toRequirementsTxt(input).text };
}

function workflow(spec: ImageSpec, task: StarterTask): string {
  const block = printPython(spec, {
    variable: VARIABLE,
    alsoImport: task.fromFlytekit,
  });
  return `${task.imports.join('\n')}\n${block}\n\n${task.code}`;
}

/**
 * Files whose text is known and whose path lies within the project. Throws `SPEC_INVALID` when the spec and a base mean
 * different files by one path, which no folder can hold.
 */
function namedFiles(input: ExportInput): StarterFile[] {
  const found = new Map<string, string>();
  for (const { spec, files } of withFiles(input)) {
    for (const path of namedPaths(spec)) {
      const plain = path.replace(/^(?:\.\/+)+/, '');
      const text = Object.hasOwn(files, path) ? files[path] : undefined;
      const isWithin =
        /^[\w.@+ -]+(?:\/[\w.@+ -]+)*$/u.test(plain) &&
        !plain.split('/').some((part) => /^\.{1,2}$/.test(part));
      if (!isWithin || text === undefined) continue;
      const other = found.get(plain);
      if (other !== undefined && other !== text) {
        const message = `The spec and its base both name ${plain}, and mean different files. Give one of them another path.`;
        throw new SpecError(message, { requirements: message });
      }
      found.set(plain, text);
    }
  }
  return [...found].map(([path, text]) => ({ path, text }));
}

function namedPaths({ requirements }: ImageSpec): string[] {
  if (!requirements) return [];
  return lockTool(requirements)
    ? [requirements, pyprojectPath(requirements)]
    : [requirements];
}

/** What the spec takes from the project's folder and only its owner can put there. */
function absentFiles(spec: ImageSpec, named: readonly StarterFile[]): string[] {
  const has = new Set(named.map(({ path }) => path));
  return withBases(spec).flatMap((one) => [
    ...(one.requirements &&
    !has.has(one.requirements.replace(/^(?:\.\/+)+/, ''))
      ? [one.requirements]
      : []),
    ...(one.copy ?? []),
    ...(one.source_root ? [one.source_root] : []),
    ...(one.pip_secret_mounts ?? []).map(([source]) => source),
  ]);
}
