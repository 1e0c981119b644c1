import { imageHref } from '@/components/builds/published-card';
import { Chip } from '@/components/ui/chip';
import { Digest } from '@/components/ui/digest';
import { shortDigest } from '@/components/ui/format';
import { TextLink } from '@/components/ui/link';
import type { TaskImageView } from '@/lib/build/task-views';

const NOTHING = <span className="text-ink-3">–</span>;

/** What the source says, or where it comes from. */
export function ImageSource({
  image,
  projectId,
}: {
  image: TaskImageView;
  /** That of its task, which may say what a task without an image gets. */
  projectId: string;
}) {
  if (image.binding === 'default')
    return (
      <span className="grid min-w-0">
        {image.reference !== '' && (
          <span className="truncate font-mono text-xs" title={image.reference}>
            {image.reference}
          </span>
        )}
        <span data-prose className="truncate text-xs text-ink-3">
          <DefaultLink from={image.defaultFrom} projectId={projectId} />, unless
          the registration names another
        </span>
      </span>
    );
  return (
    <span className="grid min-w-0">
      <span className="truncate font-mono text-xs" title={image.reference}>
        {image.reference}
      </span>
      {image.spec && (
        <span className="truncate text-xs text-ink-3">
          from{' '}
          <TextLink href={`/specs/${image.spec.id}`}>
            {image.spec.name}
          </TextLink>{' '}
          <TextLink
            href={`/specs/${image.spec.id}/revisions/${image.spec.revision}`}
          >
            rev {image.spec.revision}
          </TextLink>
          {image.spec.revision < image.spec.currentRevision &&
            `, now ${image.spec.currentRevision}`}
        </span>
      )}
    </span>
  );
}

function DefaultLink({
  from,
  projectId,
}: {
  from: TaskImageView['defaultFrom'];
  projectId: string;
}) {
  const project = `/tasks/projects/${projectId}`;
  switch (from) {
    case 'project':
      return (
        <>
          the <TextLink href={project}>project&apos;s default</TextLink>
        </>
      );
    case 'team':
      return (
        <>
          the <TextLink href="/specs/defaults">team&apos;s default</TextLink>
        </>
      );
    default:
      return <TextLink href={project}>flytekit&apos;s default</TextLink>;
  }
}

/** The digest it runs on now, as a link to that image. */
export function CurrentDigest({ image }: { image: TaskImageView }) {
  const { repository, digest } = image;
  if (!repository) return NOTHING;
  if (digest === null)
    return <span className="text-ink-3">{sayMissing(image)}</span>;
  return (
    <span className="inline-flex flex-wrap items-center gap-1">
      <Digest
        value={digest}
        href={imageHref(repository.id, digest)}
        hasCopy={false}
      />
      {image.movedFrom !== null && (
        <Chip
          tone="warn"
          title={`It pointed to ${shortDigest(image.movedFrom)} when the task was imported.`}
        >
          moved
        </Chip>
      )}
      {image.isGone && (
        <Chip tone="bad" title="The registry no longer has this digest.">
          gone
        </Chip>
      )}
    </span>
  );
}

function sayMissing({ checkedAt, spec }: TaskImageView): string {
  if (spec) return 'not built yet';
  return checkedAt === null ? 'not looked up yet' : 'no such tag';
}

/** The build that made it. */
export function MadeBy({ build }: { build: TaskImageView['build'] }) {
  if (!build) return NOTHING;
  return (
    <TextLink href={`/builds/${build.id}`} className="tabular-nums">
      #{build.number}
    </TextLink>
  );
}
