import { joinNames } from '@/components/specs/field-names';
import { emptyDefinition } from '@/lib/imagespec/definition';
import { changedFields, type FieldChange } from '@/lib/imagespec/changes';
import type { PlannedSpec, PlannedTask } from '@/lib/imagespec/import-plan';
import type { PythonImport } from '@/lib/imagespec/python';
import type { SpecMatchView } from '@/lib/imagespec/views';
import {
  findRegistry,
  type Place,
  readRepository,
} from '@/lib/registry/covering';

/** What saving a spec of the file would do. */
export type SpecState =
  /** What the team has is not known yet. */
  | { kind: 'comparing' }
  | { kind: 'new' }
  | { kind: 'changed'; revision: number; changes: FieldChange[] }
  | { kind: 'same'; revision: number }
  | { kind: 'archived' }
  | { kind: 'missing_file'; path: string }
  | { kind: 'unreadable'; reason: string };

/** Compares a spec of the file with what the team has under its name; `undefined` while that is not known. */
export function judgeSpec(
  planned: PlannedSpec,
  matches: readonly SpecMatchView[] | undefined,
): SpecState {
  const { ready, missingFile, fault } = planned;
  if (missingFile !== null) return { kind: 'missing_file', path: missingFile };
  if (fault !== null) return { kind: 'unreadable', reason: fault };
  if (!ready) return { kind: 'unreadable', reason: sayProblems(planned) };
  if (!matches) return { kind: 'comparing' };
  const match = matches.find(({ name }) => name === planned.name);
  if (!match) return { kind: 'new' };
  if (match.isArchived) return { kind: 'archived' };
  const rest = { ...emptyDefinition, flytekitVersion: '' };
  const changes = changedFields(
    { ...rest, fields: match.fields },
    { ...rest, fields: ready.spec },
  );
  if (changes.length === 0) {
    if (match.tag === ready.tag)
      return { kind: 'same', revision: match.revision };
    const note = 'another text';
    changes.push({ field: 'requirements', removed: [], added: [], note });
  }
  return { kind: 'changed', revision: match.revision + 1, changes };
}

function sayProblems({ read }: PlannedSpec): string {
  const fields = read.problems.map(({ field }) => field);
  const names = joinNames([...new Set(fields)].filter((name) => name !== ''));
  return names === ''
    ? 'It could not be read in full.'
    : `Imageyard could not take its ${names}.`;
}

/** Whether there is something to save. */
export function canSave({ kind }: SpecState): boolean {
  return ['comparing', 'new', 'changed', 'same'].includes(kind);
}

/** What to say of a spec's registry, or `null` when one of the team covers it. */
export function registryNote(
  planned: PlannedSpec,
  registries: readonly (Place & { archivedAt: string | null })[],
): { kind: 'none' } | { kind: 'uncovered'; registry: string } | null {
  const { ready } = planned;
  if (!ready) return null;
  const registry = ready.spec.registry ?? '';
  if (registry === '') return { kind: 'none' };
  const repository = readRepository(ready.imageName);
  return repository && findRegistry(registries, repository)
    ? null
    : { kind: 'uncovered', registry };
}

/** Something of the file that only running it would tell, or that Imageyard cannot take. */
export type Unresolved = {
  line: number;
  /** The spec or task it belongs to. */
  subject: string;
  message: string;
  source: string;
};

/** The specs of a file that cannot be read without the variable, as far as that shows in their fields. */
export function usersOf(
  variable: string,
  bare: PythonImport,
  specs: readonly PlannedSpec[],
): string[] {
  return bare.specs.flatMap(({ fields, problems }, index) => {
    const needs = [...fields, ...problems].some(
      (part) => 'environment' in part && part.environment?.name === variable,
    );
    const name = specs[index]?.name;
    return needs && name ? [name] : [];
  });
}

/** Everything of the file that could not be resolved, by line. */
export function listUnresolved(
  file: PythonImport,
  specs: readonly PlannedSpec[],
  tasks: readonly PlannedTask[],
): Unresolved[] {
  const ofSpecs = file.specs.flatMap(({ problems }, index) =>
    problems.map(({ line, field, message, source }) => ({
      line,
      subject: [specs[index]?.name ?? '', field]
        .filter((part) => part !== '')
        .join(' · '),
      message,
      source,
    })),
  );
  const ofTasks = tasks.flatMap(({ name, line, image }) =>
    image.known === 'unresolved'
      ? [
          {
            line,
            subject: name,
            message: image.message,
            source: image.reference,
          },
        ]
      : [],
  );
  return [...ofSpecs, ...ofTasks].sort((a, b) => a.line - b.line);
}

/** "1 spec", "3 tasks". */
export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
