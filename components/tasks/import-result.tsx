'use client';
import { Check } from 'lucide-react';
import { count } from '@/components/tasks/import-state';
import { Button, ButtonLink } from '@/components/ui/button';
import { BuildAllButton } from '@/components/specs/build-all-button';
import { Card } from '@/components/ui/card';
import { Chip } from '@/components/ui/chip';
import { TextLink } from '@/components/ui/link';
import { formatTaskSearch } from '@/lib/build/task-search';
import type { ImportView } from '@/lib/build/task-views';

/** What an import saved, and where to go from there. */
export function ImportResult({
  result,
  onAgain,
}: {
  result: ImportView;
  onAgain: () => void;
}) {
  const { specs, tasks, version, project } = result;
  const isNothing =
    specs.every(({ isNew }) => !isNew) && tasks.added + tasks.changed === 0;
  return (
    <Card
      tone="good"
      icon={<Check aria-hidden />}
      title={isNothing ? 'Nothing changed since the last import' : 'Imported'}
      className="max-w-2xl"
    >
      <div className="grid gap-3">
        <p>
          Version <span className="font-mono text-xs">{version}</span>:{' '}
          {count(tasks.added, 'new task')}, {tasks.changed} changed,{' '}
          {tasks.unchanged} as before, in the{' '}
          {project.isNew ? 'new project' : 'project'}{' '}
          <TextLink href={`/tasks/projects/${project.id}`}>
            {project.name}
          </TextLink>
          .
        </p>
        {specs.length > 0 && (
          <ul className="grid gap-1">
            {specs.map(({ id, name, revision, isNew }) => (
              <li key={id} className="flex flex-wrap items-center gap-2">
                <TextLink href={`/specs/${id}`}>{name}</TextLink>
                <Chip tone={isNew ? 'accent' : 'idle'}>
                  {isNew
                    ? `revision ${revision} saved`
                    : `revision ${revision}, unchanged`}
                </Chip>
              </li>
            ))}
          </ul>
        )}
        <div className="flex flex-wrap gap-2">
          {specs.length > 0 && <BuildAllButton specs={specs} />}
          <ButtonLink
            href={`/tasks${formatTaskSearch({ projectId: project.id })}`}
            variant="primary"
          >
            See the tasks
          </ButtonLink>
          <ButtonLink href="/specs">See the specs</ButtonLink>
          <Button variant="ghost" onClick={onAgain}>
            Import another file
          </Button>
        </div>
      </div>
    </Card>
  );
}
