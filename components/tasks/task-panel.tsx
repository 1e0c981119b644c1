'use client';
import { useQuery } from '@tanstack/react-query';
import { imageHref } from '@/components/builds/published-card';
import { BindingChip } from '@/components/tasks/binding-chip';
import { CheckTagsButton } from '@/components/tasks/check-tags-button';
import {
  CurrentDigest,
  ImageSource,
  MadeBy,
} from '@/components/tasks/image-cells';
import { Section } from '@/components/ui/card';
import { Chip } from '@/components/ui/chip';
import { Digest } from '@/components/ui/digest';
import { Fact, Facts } from '@/components/ui/facts';
import { Notice } from '@/components/ui/notice';
import { PageHeader } from '@/components/ui/page-header';
import { Table, TBody, Td, Th, THead, Tr } from '@/components/ui/table';
import { Time } from '@/components/ui/time';
import type {
  TagMoveView,
  TaskImageView,
  TaskVersionView,
  TaskView,
} from '@/lib/build/task-views';
import { taskQueries } from '@/lib/queries/tasks';

/** One task: what it runs on now, and how that came to be. */
export function TaskPanel({ taskId }: { taskId: string }) {
  const { data: task } = useQuery(taskQueries.detail(taskId));
  if (!task) return null;
  return (
    <>
      <PageHeader
        crumbs={[
          { label: 'Tasks', href: '/tasks' },
          {
            label: task.project.name,
            href: `/tasks/projects/${task.project.id}`,
          },
        ]}
        title={<span className="break-all">{task.name}</span>}
        actions={<CheckTagsButton tasks={[task]} />}
      >
        <span>
          version{' '}
          <span className="font-mono text-xs">{task.version.version}</span>
        </span>
        <span>
          {task.version.fileName}, line {task.version.line}
        </span>
        <span>
          imported <Time at={task.version.importedAt} />
          {task.version.importedBy && ` by ${task.version.importedBy}`}
        </span>
      </PageHeader>
      {task.version.images.map((image) => (
        <ImageFacts
          key={image.container}
          image={image}
          projectId={task.project.id}
        />
      ))}
      <Moves task={task} />
      <Versions versions={task.versions} projectId={task.project.id} />
    </>
  );
}

function ImageFacts({
  image,
  projectId,
}: {
  image: TaskImageView;
  projectId: string;
}) {
  return (
    <div className="grid gap-3">
      <Facts>
        <Fact label="Image, as the source names it">
          <ImageSource image={image} projectId={projectId} />
        </Fact>
        <Fact label="Held">
          <BindingChip binding={image.binding} />
        </Fact>
        <Fact label="Digest now">
          <CurrentDigest image={image} />
        </Fact>
        <Fact label="Built by">
          <MadeBy build={image.build} />
        </Fact>
        {image.tag !== null && (
          <Fact label="Tag looked at">
            {image.checkedAt ? <Time at={image.checkedAt} /> : 'not yet'}
          </Fact>
        )}
      </Facts>
      {image.movedFrom !== null && image.repository && (
        <Notice
          tone="warn"
          title="The tag has moved since this task was imported."
        >
          It pointed to{' '}
          <Digest
            value={image.movedFrom}
            href={imageHref(image.repository.id, image.movedFrom)}
            hasCopy={false}
          />
          . The task follows the tag; pin it to a digest to keep it still.
        </Notice>
      )}
      {image.binding === 'unresolved' && (
        <Notice
          tone="warn"
          title="The image could not be read from the source."
        >
          Only running the code would tell. Write the image as a literal, or as
          an ImageSpec of the same file, and import it again.
        </Notice>
      )}
    </div>
  );
}

function Moves({ task }: { task: TaskView }) {
  const { moves } = task;
  if (moves.length === 0) return null;
  return (
    <Section title="What its tag pointed to">
      <Table label="Moves of the tag" narrow="stack">
        <THead>
          <Th>Tag</Th>
          <Th>From</Th>
          <Th>To</Th>
          <Th>Built by</Th>
          <Th isNumeric>Seen</Th>
        </THead>
        <TBody>
          {moves.map((move) => (
            <Move key={move.id} move={move} />
          ))}
        </TBody>
      </Table>
    </Section>
  );
}

function Move({ move }: { move: TagMoveView }) {
  const digest = (value: string | null) =>
    value === null ? (
      <span className="text-ink-3">nothing</span>
    ) : (
      <Digest
        value={value}
        href={imageHref(move.repository.id, value)}
        hasCopy={false}
      />
    );
  return (
    <Tr>
      <Td label="Tag" className="min-w-0 sm:w-[40%] sm:max-w-0">
        <span
          className="block truncate font-mono text-xs"
          title={`${move.repository.name}:${move.tag}`}
        >
          {move.repository.name}:{move.tag}
        </span>
      </Td>
      <Td label="From">{digest(move.from)}</Td>
      <Td label="To">{digest(move.to)}</Td>
      <Td label="Built by">
        <MadeBy build={move.build} />
      </Td>
      <Td label="Seen" isNumeric className="text-ink-2">
        <Time at={move.seenAt} />
      </Td>
    </Tr>
  );
}

function Versions({
  versions,
  projectId,
}: {
  versions: readonly TaskVersionView[];
  projectId: string;
}) {
  return (
    <Section title="Versions">
      <Table label="Versions" narrow="stack">
        <THead>
          <Th>Version</Th>
          <Th>File</Th>
          <Th>Held</Th>
          <Th>Image</Th>
          <Th isNumeric>Imported</Th>
        </THead>
        <TBody>
          {versions.map((version, index) => {
            const [image] = version.images;
            return (
              <Tr key={version.id}>
                <Td label="Version">
                  <span className="inline-flex items-center gap-2">
                    <span className="font-mono text-xs">{version.version}</span>
                    {index === 0 && <Chip tone="accent">current</Chip>}
                  </span>
                </Td>
                <Td label="File">
                  {version.fileName}:{version.line}
                </Td>
                <Td label="Held">
                  {image && <BindingChip binding={image.binding} />}
                </Td>
                <Td label="Image" className="min-w-0 sm:w-[40%] sm:max-w-0">
                  {image && <ImageSource image={image} projectId={projectId} />}
                </Td>
                <Td label="Imported" isNumeric className="text-ink-2">
                  <span>
                    <Time at={version.importedAt} />
                    {version.importedBy && ` by ${version.importedBy}`}
                  </span>
                </Td>
              </Tr>
            );
          })}
        </TBody>
      </Table>
    </Section>
  );
}
