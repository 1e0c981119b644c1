'use client';
import { useQuery } from '@tanstack/react-query';
import { Save } from 'lucide-react';
import { useDeferredValue, useMemo, useState } from 'react';
import { ImportResult } from '@/components/tasks/import-result';
import {
  canSave,
  count,
  judgeSpec,
  listUnresolved,
} from '@/components/tasks/import-state';
import {
  type JudgedSpec,
  PlannedSpecs,
  RequirementsTexts,
} from '@/components/tasks/planned-specs';
import { PlannedTasks, UnresolvedList } from '@/components/tasks/planned-tasks';
import {
  ProjectField,
  useChosenProject,
} from '@/components/tasks/project-field';
import { type Source, SourceCard } from '@/components/tasks/source-card';
import { Button } from '@/components/ui/button';
import { ErrorNotice } from '@/components/ui/error-notice';
import { Notice } from '@/components/ui/notice';
import { EnvironmentValues } from '@/components/tasks/environment-values';
import { Message } from '@/components/ui/message';
import { withBases } from '@/lib/imagespec/code/bases';
import type { Environment } from '@/lib/imagespec/python-environment';
import { planImport } from '@/lib/imagespec/import-plan';
import { type PythonImport, readPython } from '@/lib/imagespec/python';
import { errorView } from '@/lib/queries/fetch-json';
import { registryQueries } from '@/lib/queries/registries';
import { specQueries } from '@/lib/queries/specs';
import { useImportPython } from '@/lib/queries/tasks';

const EMPTY: Source = { fileName: 'workflow.py', text: '' };

/** A Python file in, its specs and tasks out, to look at before anything is saved. */
export function ImportPanel({ projectId }: { projectId: string | undefined }) {
  const [source, setSource] = useState(EMPTY);
  const [texts, setTexts] = useState<Record<string, string>>({});
  const [dropped, setDropped] = useState<ReadonlySet<string>>(new Set());
  const project = useChosenProject(projectId);
  const save = useImportPython();
  const calm = useDeferredValue(source);
  const [given, setGiven] = useState<Environment>({});
  const environment = useDeferredValue(given);
  const bare = useMemo(
    () => readPython(calm.text, calm.fileName.trim()),
    [calm],
  );
  const file = useMemo(
    () =>
      Object.keys(environment).length === 0
        ? bare
        : readPython(calm.text, calm.fileName.trim(), { environment }),
    [bare, calm, environment],
  );
  const plan = useMemo(() => planImport(file, texts), [file, texts]);
  const specs = useJudged(plan.specs);
  const chosen = specs.filter(
    ({ planned, state }) => canSave(state) && !dropped.has(planned.name),
  );

  if (save.data)
    return (
      <ImportResult
        result={save.data}
        onAgain={() => {
          save.reset();
          setSource(EMPTY);
          setGiven({});
        }}
      />
    );
  const paths = requirementPaths(file);
  const isEmpty = plan.specs.length + plan.tasks.length === 0;
  return (
    <div className="grid items-start gap-x-6 gap-y-4 xl:grid-cols-2">
      <div className="grid min-w-0 gap-4">
        <SourceCard
          source={source}
          module={file.module}
          project={<ProjectField chosen={project} />}
          onChange={setSource}
        />
        <EnvironmentValues
          bare={bare}
          file={file}
          specs={plan.specs}
          values={given}
          onChange={setGiven}
        />
        <RequirementsTexts
          paths={paths}
          texts={texts}
          onChange={(path, text) => setTexts({ ...texts, [path]: text })}
        />
      </div>
      <div className="grid min-w-0 gap-4">
        {!isEmpty && (
          <SaveBar
            label={saveLabel(chosen.length, plan.tasks.length)}
            isPending={save.isPending}
            disabledReason={project.fault}
            onSave={() => {
              const input = {
                project: project.name,
                source: source.text,
                fileName: source.fileName,
                environment: onlyRead(file, given),
                requirements: Object.fromEntries(
                  paths.flatMap((path) =>
                    texts[path] === undefined ? [] : [[path, texts[path]]],
                  ),
                ),
                specs: chosen.map(({ planned }) => planned.name),
              };
              save.mutate(input, { onSuccess: project.keep });
            }}
          />
        )}
        {save.error && <ErrorNotice error={errorView(save.error)} />}
        <Found file={file} plan={plan} hasText={calm.text.trim() !== ''} />
        {specs.length > 0 && (
          <Chooser specs={specs} dropped={dropped} onDrop={setDropped} />
        )}
        <UnresolvedList items={listUnresolved(file, plan.specs, plan.tasks)} />
        {plan.tasks.length > 0 && (
          <PlannedTasks
            module={file.module}
            tasks={plan.tasks}
            specs={plan.specs}
          />
        )}
      </div>
    </div>
  );
}

function SaveBar({
  label,
  isPending,
  disabledReason,
  onSave,
}: {
  label: string;
  isPending: boolean;
  disabledReason: string | undefined;
  onSave: () => void;
}) {
  return (
    <div className="top-11 z-[1] -my-2 flex flex-wrap items-center gap-x-3 gap-y-2 bg-bg py-2 xl:sticky">
      <Button
        variant="primary"
        icon={<Save aria-hidden />}
        isPending={isPending}
        disabledReason={disabledReason}
        onClick={onSave}
      >
        {label}
      </Button>
      <span className="min-w-0 flex-[1_1_13rem] text-xs text-ink-3">
        The server reads the file again and keeps what is shown here, not the
        source.
      </span>
    </div>
  );
}

function saveLabel(specs: number, tasks: number): string {
  const parts = [
    ...(specs > 0 ? [count(specs, 'spec')] : []),
    ...(tasks > 0 ? [count(tasks, 'task')] : []),
  ];
  return parts.length === 0 ? 'Save' : `Save ${parts.join(' and ')}`;
}

function useJudged(
  planned: ReturnType<typeof planImport>['specs'],
): JudgedSpec[] {
  const names = [...new Set(planned.map(({ name }) => name))].slice(0, 200);
  const { data: matches } = useQuery(specQueries.matches(names));
  return planned.map((spec) => ({
    planned: spec,
    match: matches?.find(({ name }) => name === spec.name),
    state: judgeSpec(spec, matches),
  }));
}

/** What is filled in of a file that was there before stays here. */
function onlyRead(file: PythonImport, given: Environment): Environment {
  const names = new Set(file.variables.map(({ name }) => name));
  return Object.fromEntries(
    Object.entries(given).filter(([name]) => names.has(name)),
  );
}

function requirementPaths(file: PythonImport): string[] {
  const paths = file.specs.flatMap(({ spec }) =>
    spec ? withBases(spec).map(({ requirements = '' }) => requirements) : [],
  );
  return [...new Set(paths)].filter((path) => path !== '');
}

function Chooser({
  specs,
  dropped,
  onDrop,
}: {
  specs: JudgedSpec[];
  dropped: ReadonlySet<string>;
  onDrop: (dropped: ReadonlySet<string>) => void;
}) {
  const { data: registries = [] } = useQuery(registryQueries.list);
  return (
    <PlannedSpecs
      specs={specs}
      registries={registries}
      isChosen={(name) =>
        !dropped.has(name) &&
        specs.some(
          ({ planned, state }) => planned.name === name && canSave(state),
        )
      }
      onChoose={(name, isChosen) => {
        const next = new Set(dropped);
        if (isChosen) next.delete(name);
        else next.add(name);
        onDrop(next);
      }}
    />
  );
}

function Found({
  file,
  plan,
  hasText,
}: {
  file: PythonImport;
  plan: ReturnType<typeof planImport>;
  hasText: boolean;
}) {
  if (!hasText)
    return (
      <p className="rounded-lg border border-dashed border-line-strong px-4 py-8 text-center text-ink-2">
        What the file says of images and tasks shows here.
      </p>
    );
  const isEmpty = plan.specs.length + plan.tasks.length === 0;
  return (
    <>
      {file.errors.length > 0 && (
        <Notice tone="warn" title="Not all of the file could be read.">
          <ul>
            {file.errors.map(({ line, message }, index) => (
              <li key={index}>
                Line {line}: <Message text={message} />
              </li>
            ))}
          </ul>
        </Notice>
      )}
      {isEmpty && (
        <Notice title="No ImageSpec and no task was found in it.">
          Tasks are functions with <code>@task</code>, <code>@dynamic</code> or{' '}
          <code>@eager</code> from flytekit or union.
        </Notice>
      )}
    </>
  );
}
