'use client';
import {
  ChevronDown,
  CircleStop,
  GitCompareArrows,
  RotateCcw,
} from 'lucide-react';
import { useRouter } from 'next/navigation';
import { MoreMenu } from '@/components/builds/more-menu';
import { Button, ButtonLink } from '@/components/ui/button';
import { Menu, MenuItem } from '@/components/ui/menu';
import { showFailure } from '@/components/ui/toast';
import { goesOnWithout, hasWithdrawn } from '@/lib/build/askers';
import { compareHref } from '@/lib/build/list-filter';
import { canCancel, isMoving, isUnsuccessful } from '@/lib/build/state';
import type { BuildItemView, BuildView } from '@/lib/build/views';
import { useCancelBuild, useRebuild } from '@/lib/queries/builds';

/** Stops a build at once; for one that runs, its state then says that it is stopping. */
export function CancelButton({
  build,
  size = 'md',
}: {
  build: Pick<BuildItemView, 'id' | 'number' | 'state'>;
  size?: 'md' | 'sm';
}) {
  const router = useRouter();
  const cancel = useCancelBuild();
  const isCancelling = build.state === 'cancelling';
  return (
    <Button
      variant="danger"
      size={size}
      icon={<CircleStop aria-hidden />}
      aria-label={`Cancel build ${build.number}`}
      isPending={cancel.isPending || isCancelling}
      disabledReason={
        !isCancelling &&
        !canCancel(build.state) &&
        'The image is in the registry already; it is only being read back.'
      }
      onClick={() =>
        cancel.mutate(
          { buildId: build.id },
          {
            // Elsewhere than on its page nothing says for whom it goes on.
            onSuccess: ({ state }) =>
              state === 'withdrawn' && router.push(`/builds/${build.id}`),
            onError: showFailure,
          },
        )
      }
    >
      {isCancelling ? 'Cancelling' : 'Cancel'}
    </Button>
  );
}

/** Takes back one's own ask for a build that others wait for, too. */
function WithdrawButton({
  build,
  isDone,
}: {
  build: BuildView;
  isDone: boolean;
}) {
  const cancel = useCancelBuild();
  return (
    <Button
      icon={<CircleStop aria-hidden />}
      isPending={cancel.isPending}
      disabledReason={isDone && 'You withdrew. It goes on for the others.'}
      onClick={() =>
        cancel.mutate({ buildId: build.id }, { onError: showFailure })
      }
    >
      {isDone ? 'Withdrawn' : 'Withdraw'}
    </Button>
  );
}

/** A new build of the same revision: a retry of one that has no image, a rebuild of one that has. */
function AgainMenu({ build: { id: buildId, state } }: { build: BuildView }) {
  const verb = isUnsuccessful(state) ? 'Retry' : 'Rebuild';
  const router = useRouter();
  const rebuild = useRebuild();
  const start = (noCache: boolean) =>
    rebuild.mutate(
      { buildId, noCache },
      {
        onSuccess: ({ id }) => router.push(`/builds/${id}`),
        onError: showFailure,
      },
    );
  return (
    <Menu
      trigger={
        <Button icon={<RotateCcw aria-hidden />} isPending={rebuild.isPending}>
          {verb}
          <ChevronDown aria-hidden />
        </Button>
      }
    >
      <MenuItem onSelect={() => start(false)}>{verb} this revision</MenuItem>
      <MenuItem onSelect={() => start(true)}>{verb} without cache</MenuItem>
    </Menu>
  );
}

/** What can be done to a build from its own page; a part is stopped and asked for again with the whole. */
export function BuildActions({
  build,
  userId,
}: {
  build: BuildView;
  userId: string;
}) {
  const { previous, partOf } = build;
  const { askers } = build.ask;
  const isShared = canCancel(build.state) && goesOnWithout(userId, askers);
  return (
    <>
      {previous && (
        <ButtonLink
          href={compareHref(previous.id, build.id)}
          icon={<GitCompareArrows aria-hidden />}
          aria-label={`Compare with #${previous.number}, the one before`}
        >
          Compare with #{previous.number}
        </ButtonLink>
      )}
      <ButtonLink href={`/specs/${build.spec.id}`}>Edit spec</ButtonLink>
      {partOf ? (
        <ButtonLink href={`/builds/${partOf.id}`}>
          The whole build #{partOf.number}
        </ButtonLink>
      ) : !isMoving(build.state) ? (
        <AgainMenu build={build} />
      ) : isShared ? (
        <WithdrawButton build={build} isDone={hasWithdrawn(userId, askers)} />
      ) : (
        <CancelButton build={build} />
      )}
      <MoreMenu build={build} />
    </>
  );
}
