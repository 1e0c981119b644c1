import type { ReactNode } from 'react';
import { ChangeList } from '@/components/specs/change-list';
import { fieldName, joinNames } from '@/components/specs/field-names';
import type { Preview, TagStory } from '@/components/specs/preview';
import { Card } from '@/components/ui/card';
import { Chip } from '@/components/ui/chip';
import { cn } from '@/components/ui/cn';
import { CodeBlock } from '@/components/ui/code-block';
import { CopyButton } from '@/components/ui/copy-button';
import { Disclosure } from '@/components/ui/disclosure';
import { Message } from '@/components/ui/message';
import type { BuildNote } from '@/lib/imagespec/build-notes';
import { DEFAULT_FLYTEKIT_VERSION } from '@/lib/imagespec/defaults';

/** The image's full name, the tag in bold. It may break anywhere, because it never has to be read as words. */
export function ImageReference({ name, tag }: { name: string; tag: string }) {
  return (
    <span className="font-mono text-xs break-all">
      {name}:<b>{tag}</b>
    </span>
  );
}

/** The name that the definition would get as it is typed, and why. Dimmed while the form holds a fault. */
export function TagCard({
  preview,
  story,
  base,
  faults,
}: {
  preview: Preview | null;
  story: TagStory | null;
  base: number | null;
  /** How many fields must be corrected before there is a tag. */
  faults: number;
}) {
  const isOld = faults > 0;
  return (
    <Card
      title="This image would be"
      actions={
        preview &&
        !isOld && (
          <CopyButton
            text={`${preview.name}:${preview.tag}`}
            label="image reference"
            hasLabel
          />
        )
      }
    >
      <div className="grid min-h-24 content-start gap-2">
        <p
          data-testid="image-preview"
          className={cn('text-md', isOld && 'text-ink-3')}
        >
          {preview ? (
            <ImageReference name={preview.name} tag={preview.tag} />
          ) : (
            <span className="text-ink-3">Give the image a name first.</span>
          )}
        </p>
        <div role="status" className="text-ink-2">
          {isOld ? (
            <span className="text-bad">
              Correct{' '}
              {faults === 1 ? 'the marked field' : `${faults} marked fields`} to
              see the tag.
            </span>
          ) : (
            story && <Story story={story} base={base} />
          )}
        </div>
      </div>
    </Card>
  );
}

const FLYTEKIT = DEFAULT_FLYTEKIT_VERSION.split('.').slice(0, 2).join('.');

function Story({ story, base }: { story: TagStory; base: number | null }) {
  if (story.kind === 'first')
    return `The tag flytekit ${FLYTEKIT} computes for this definition.`;
  if (story.kind === 'same')
    return `The same as revision ${base}: nothing changed.`;
  const names = joinNames(story.changes.map(({ field }) => fieldName(field)));
  return (
    <>
      <p>
        {story.kind === 'new'
          ? `A new tag, as flytekit ${FLYTEKIT} computes it. Changed since revision ${base}: ${names}.`
          : `The tag stays, because flytekit does not count what changed since revision ${base}: ${names}. The image may differ.`}
      </p>
      <Disclosure summary="What changed" className="mt-1">
        <ChangeList changes={story.changes} />
      </Disclosure>
    </>
  );
}

/** The Dockerfile a worker will run. `marked` are the lines that are new. */
export function DockerfileCard({
  text,
  marked = [],
  isOld = false,
  children,
}: {
  text: string;
  marked?: readonly number[];
  isOld?: boolean;
  children?: ReactNode;
}) {
  return (
    <Card title="Dockerfile" isFlush actions={<Chip>read only</Chip>}>
      <CodeBlock
        text={text}
        label="Dockerfile"
        hasNumbers
        isFlush
        marked={marked}
        className={cn('rounded-b-none', isOld && 'text-ink-3')}
      />
      <div className="grid gap-1 border-t px-3 py-2 text-xs text-ink-2">
        {children}
        <p>
          A worker that has CA certificates of its own adds them to the steps
          that use the network. They are in no layer of the image.
        </p>
      </div>
    </Card>
  );
}

/** What a person may not expect of this definition. */
export function NotesCard({ notes }: { notes: readonly BuildNote[] }) {
  if (notes.length === 0) return null;
  return (
    <Card title="Worth knowing">
      <ul className="grid gap-1.5">
        {notes.map(({ field, message }, index) => (
          <li key={index}>
            <span className="font-semibold">{fieldName(field)}</span>{' '}
            <span className="text-ink-2">
              <Message text={message} />
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
