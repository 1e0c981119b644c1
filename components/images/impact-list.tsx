import type { ReactNode } from 'react';
import { shortDigest } from '@/components/ui/format';
import { TextLink } from '@/components/ui/link';
import type {
  ImpactView,
  RegistryOffers,
} from '@/lib/registry/inventory-views';

const SHOWN = 8;

/** What points to an image, before something is done to it. */
export function ImpactList({
  impact,
  repositoryId,
}: {
  impact: ImpactView;
  repositoryId: string;
}) {
  const { tags, indexes, tasks, builds, referrers, accessChecks } = impact;
  return (
    <ul
      className="grid max-h-72 list-disc gap-1 overflow-y-auto pl-5"
      tabIndex={0}
    >
      <li>
        {tags.length === 0 ? (
          'No tag points to it.'
        ) : (
          <>
            {tags.length === 1 ? 'The tag' : `${tags.length} tags:`}{' '}
            <Names names={tags} />
            {tags.length === 1 && ' points to it.'}
          </>
        )}
      </li>
      {indexes.map((index) => (
        <li key={index.digest}>
          The index{' '}
          <TextLink
            href={`/images/${repositoryId}/${index.digest}`}
            className="font-mono text-xs"
          >
            {index.tags[0] ?? shortDigest(index.digest)}
          </TextLink>{' '}
          needs it{index.platform ? ` for ${index.platform}` : ''}.
        </li>
      ))}
      <TaskItem tasks={tasks} />
      {builds.map((build) => (
        <li key={build.id}>
          <TextLink href={`/builds/${build.id}`}>
            {build.specName} #{build.number}
          </TextLink>{' '}
          is being built and will push {build.tag} to this repository.
        </li>
      ))}
      {referrers > 0 && (
        <li>
          {referrers === 1
            ? 'One attestation or signature hangs'
            : `${referrers} attestations and signatures hang`}{' '}
          on it.
        </li>
      )}
      {accessChecks > 0 && (
        <li>
          {accessChecks === 1
            ? 'One past check of who can pull it stays'
            : `${accessChecks} past checks of who can pull it stay`}{' '}
          here.
        </li>
      )}
    </ul>
  );
}

function TaskItem({ tasks }: { tasks: ImpactView['tasks'] }) {
  if (tasks.length === 0) return <li>No imported task runs on it.</li>;
  return (
    <li>
      {tasks.length === 1 ? 'One task runs' : `${tasks.length} tasks run`} on
      it:{' '}
      {tasks.slice(0, SHOWN).map((task, position) => (
        <span key={task.id}>
          {position > 0 && ', '}
          <TextLink href={`/tasks/${task.id}`}>{task.name}</TextLink>
          {task.tag !== null && ` (by the tag ${task.tag})`}
        </span>
      ))}
      {tasks.length > SHOWN && ` and ${tasks.length - SHOWN} more`}.
    </li>
  );
}

function Names({ names }: { names: readonly string[] }): ReactNode {
  return (
    <>
      <span className="font-mono text-xs break-all">
        {names.slice(0, SHOWN).join(', ')}
      </span>
      {names.length > SHOWN && ` and ${names.length - SHOWN} more`}
    </>
  );
}

/** What the registry is known not to do, before somebody tries. */
export function OffersNote({
  offers,
  isTag,
}: {
  offers: RegistryOffers;
  isTag: boolean;
}) {
  const cannot = isTag
    ? offers.deletesTags === false &&
      'This registry refused to delete a single tag before. Deleting the digest removes every tag on it.'
    : offers.deletesDigests === false &&
      'This registry refused to delete an image by its registry API before.';
  const limits = offers.limits.filter((limit) => /delet/i.test(limit));
  const lines = [
    ...(cannot ? [cannot] : []),
    ...limits,
    ...(offers.canPush
      ? []
      : [
          'No credential for pushing is stored, so the registry will most likely refuse.',
        ]),
  ];
  if (lines.length === 0) return null;
  return (
    <ul className="grid gap-1 text-xs text-warn">
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}
