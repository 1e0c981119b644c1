import { asSentence, ordinal } from '@/components/builds/labels';
import { BuildNumberLink } from '@/components/builds/build-number-link';
import { ButtonLink } from '@/components/ui/button';
import { Notice } from '@/components/ui/notice';
import { Time } from '@/components/ui/time';
import type { BuildView } from '@/lib/build/views';

/** What there is to say of a build that neither failed nor published: where it waits, what it does, who stopped it. */
export function BuildNotice({ build }: { build: BuildView }) {
  const { queue, state, cancelledBy, finishedAt, ask, partOf } = build;
  const who = cancelledBy ?? 'somebody who has left';
  const isStoppedByOther = partOf !== null && cancelledBy === null;
  if (queue && !queue.canStart)
    return (
      <Notice
        tone="warn"
        title="This build cannot start"
        actions={
          <ButtonLink size="sm" href="/workers">
            Workers
          </ButtonLink>
        }
        className="mt-4"
      >
        {asSentence(queue.reason)} It starts by itself as soon as a worker can
        take it.
      </Notice>
    );
  if (queue)
    return (
      <Notice
        title={`${ordinal(queue.position)} in the queue`}
        className="mt-4"
      >
        {asSentence(queue.reason)}
      </Notice>
    );
  if (state === 'cancelling')
    return (
      <Notice tone="warn" title="Stopping" className="mt-4">
        {isStoppedByOther
          ? `Build #${partOf.number} failed for another platform.`
          : `${who} cancelled it.`}{' '}
        The worker ends the running command.
      </Notice>
    );
  if (state === 'cancelled' && ask.supersededBy)
    return (
      <Notice
        title={
          <>
            Superseded by <BuildNumberLink build={ask.supersededBy} />
            {finishedAt && (
              <span className="font-normal">
                {' '}
                <Time at={finishedAt} />
              </span>
            )}
          </>
        }
        className="mt-4"
      >
        {who} asked for a newer revision before this one began.
      </Notice>
    );
  if (state === 'cancelled')
    return (
      <Notice
        title={
          <>
            {isStoppedByOther
              ? `Stopped, because build #${partOf.number} failed for another platform`
              : `Cancelled by ${who}`}
            {finishedAt && (
              <span className="font-normal">
                {' '}
                <Time at={finishedAt} />
              </span>
            )}
          </>
        }
        className="mt-4"
      />
    );
  if (state === 'verifying')
    return (
      <Notice title="Pushed" className="mt-4">
        {build.parts.length > 0
          ? 'The index that joins the platforms is being put under the tag, and read back from the registry by its digest.'
          : 'The manifest is being read back from the registry by its digest.'}{' '}
        It counts as published after that.
      </Notice>
    );
  return null;
}
