import { BindingChip } from '@/components/tasks/binding-chip';
import type { Unresolved } from '@/components/tasks/import-state';
import { Card } from '@/components/ui/card';
import { Chip } from '@/components/ui/chip';
import { Table, TBody, Td, Th, THead, Tr } from '@/components/ui/table';
import { Message, plainMessage } from '@/components/ui/message';
import type { ImageBinding } from '@/lib/build/task-views';
import type {
  PlannedImage,
  PlannedSpec,
  PlannedTask,
} from '@/lib/imagespec/import-plan';

/** The tasks of the file and what each runs on. */
export function PlannedTasks({
  module,
  tasks,
  specs,
}: {
  /** The module all of them are in. */
  module: string;
  tasks: readonly PlannedTask[];
  specs: readonly PlannedSpec[];
}) {
  return (
    <Card
      title={
        <>
          Tasks of <span className="font-mono text-xs">{module}</span>
        </>
      }
      isFlush
    >
      <Table label="Tasks of the file" narrow="stack" isBare>
        <THead>
          <Th>Task</Th>
          <Th>Held</Th>
          <Th>Image</Th>
          <Th isNumeric>Line</Th>
        </THead>
        <TBody>
          {tasks.map((task, index) => (
            <Tr key={index}>
              <Td className="min-w-0 sm:w-[34%] sm:max-w-0">
                <span className="block truncate" title={task.name}>
                  {task.name.slice(module.length + 1)}
                </span>
              </Td>
              <Td label="Held">
                <BindingChip binding={bindingOf(task.image)} />
              </Td>
              <Td label="Image" className="min-w-0 sm:w-[46%] sm:max-w-0">
                <PlannedImageText image={task.image} specs={specs} />
              </Td>
              <Td label="Line" isNumeric className="text-ink-2">
                {task.line}
              </Td>
            </Tr>
          ))}
        </TBody>
      </Table>
    </Card>
  );
}

function bindingOf(image: PlannedImage): ImageBinding {
  if (image.known === 'default' || image.known === 'unresolved')
    return image.known;
  if (image.repository === null) return 'local';
  return image.tag === null ? 'pinned' : 'floating';
}

function PlannedImageText({
  image,
  specs,
}: {
  image: PlannedImage;
  specs: readonly PlannedSpec[];
}) {
  if (image.known === 'default')
    return (
      <span className="text-ink-3">
        The project’s default, or --image at registration
      </span>
    );
  return (
    <span className="grid min-w-0">
      <span className="truncate font-mono text-xs" title={image.reference}>
        {image.reference}
      </span>
      {image.known === 'spec' && (
        <span className="truncate text-xs text-ink-3">
          from {specs[image.index]?.name}
        </span>
      )}
      {image.known === 'unresolved' && (
        <span
          className="truncate text-xs text-warn"
          title={plainMessage(image.message)}
        >
          <Message text={image.message} />
        </span>
      )}
    </span>
  );
}

/** What only running the code would tell, with line and source. */
export function UnresolvedList({ items }: { items: readonly Unresolved[] }) {
  if (items.length === 0) return null;
  return (
    <Card
      tone="warn"
      title="To look at"
      isFlush
      actions={<Chip tone="warn">{items.length}</Chip>}
    >
      <ul>
        {items.map(({ line, subject, message, source }, index) => (
          <li
            key={index}
            className="grid grid-cols-[3.5rem_minmax(0,1fr)] gap-x-2 border-b px-3 py-2 last:border-b-0"
          >
            <span className="text-ink-3 tabular-nums">line {line}</span>
            <div className="min-w-0">
              <p className="break-words">
                <span className="font-semibold">{subject}</span>{' '}
                <span className="text-ink-2">
                  <Message text={message} />
                </span>
              </p>
              {source !== '' && (
                <code className="block break-words whitespace-pre-wrap text-ink-2">
                  {source}
                </code>
              )}
            </div>
          </li>
        ))}
      </ul>
    </Card>
  );
}
