import {
  commonNotes,
  joinContinued,
  lockCommand,
  toDependencies,
  type Dependencies,
  type ExportedFile,
  type ExportInput,
} from './dependencies';
import { clip } from '@/lib/imagespec/field-rules';
import { readRequirement } from '@/lib/imagespec/lint/requirement';

/** A `pyproject.toml` whose project depends on what the image holds; indexes as uv reads them. */
export function toPyproject(input: ExportInput): ExportedFile {
  const all = toDependencies(input);
  const notes = commonNotes(all);
  const read = readLines([...all.lines, ...all.runtimeLines]);
  notes.push(...read.notes);
  if (all.args !== '') {
    notes.push(`The image is installed with the options ${all.args}.`);
  }
  if (all.lock) {
    notes.push(
      `The packages are those of ${all.lock.path}, which has a pyproject.toml of its own. Run ${lockCommand(all.lock)} beside it.`,
    );
  }
  if (all.condaPackages.length > 0) {
    notes.push(
      `Packages of conda are not in it: ${all.condaPackages.join(', ')}. Take environment.yml.`,
    );
  }
  const text = [
    '[project]',
    `name = ${quote(projectName(all.name))}`,
    'version = "0.1.0"',
    `requires-python = ${quote(pythonRange(all.python.version))}`,
    ...array('dependencies', read.dependencies),
    '',
    '[tool.uv]',
    'package = false',
    ...indexTables(all, read),
  ];
  return { text: `${text.join('\n')}\n`, notes };
}

type Lines = {
  dependencies: string[];
  index: string | null;
  extraIndexes: string[];
  notes: string[];
};

/** Takes a requirements text apart: a project names packages and addresses with a name, and has no options. */
function readLines(lines: readonly string[]): Lines {
  const out: Lines = {
    dependencies: [],
    index: null,
    extraIndexes: [],
    notes: [],
  };
  for (const line of joinContinued(lines)) {
    const [, option = '', value = ''] =
      /^(-i|--index-url|--extra-index-url)[\s=]+(\S+)/.exec(line.trim()) ?? [];
    if (option === '--extra-index-url') out.extraIndexes.push(value);
    else if (option !== '') out.index = value;
    else if (/^\s*-/.test(line)) {
      out.notes.push(`A project has no place for “${clip(line.trim())}”.`);
    } else addDependency(out, line);
  }
  return out;
}

function addDependency(out: Lines, line: string): void {
  const requirement = readRequirement(line);
  if (!requirement) return;
  if (requirement.name === null) {
    out.notes.push(
      `Write a name before the address “${clip(requirement.text)}”: name @ address.`,
    );
    return;
  }
  const plain = requirement.text.replaceAll(/\s*--hash[=\s]\S+/g, '').trim();
  if (plain !== requirement.text) {
    const note = 'Hashes are left out; uv.lock holds them.';
    if (!out.notes.includes(note)) out.notes.push(note);
  }
  if (!out.dependencies.includes(plain)) out.dependencies.push(plain);
}

function indexTables(all: Dependencies, read: Lines): string[] {
  const table = (url: string, isDefault: boolean) => [
    '',
    '[[tool.uv.index]]',
    `url = ${quote(url)}`,
    ...(isDefault ? ['default = true'] : []),
  ];
  const main = all.index ?? read.index;
  return [
    ...[...all.extraIndexes, ...read.extraIndexes].flatMap((url) =>
      table(url, false),
    ),
    ...(main === null ? [] : table(main, true)),
  ];
}

/** `3.12` allows its patches, `3.12.4` only itself. */
function pythonRange(version: string): string {
  const [major = '3', minor = '12', patch] = version.split('.');
  return patch === undefined
    ? `>=${major}.${minor},<${major}.${Number(minor) + 1}`
    : `==${version}`;
}

function projectName(name: string): string {
  return (
    name.replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-|-$/g, '') || 'image'
  );
}

function array(key: string, items: readonly string[]): string[] {
  return items.length === 0
    ? [`${key} = []`]
    : [`${key} = [`, ...items.map((item) => `    ${quote(item)},`), ']'];
}

/** A basic string of TOML, which escapes as JSON does, and delete too. */
function quote(text: string): string {
  return JSON.stringify(text).replaceAll('\u007f', '\\u007f');
}
