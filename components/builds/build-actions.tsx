'use client';
import {
  ChevronDown,
  CircleStop,
  GitCompareArrows,
  RotateCcw,
} from 'lucide-react';
import { useRouter } from 'next/navigation';
import { Button, ButtonLink } from '@/components/ui/button';
import { Menu, MenuItem } from '@/components/ui/menu';
import { showFailure } from '@/components/ui/toast';
import { compareHref } from '@/lib/build/list-filter';
import { canCancel, isMoving } from '@/lib/build/state';
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
        cancel.mutate({ buildId: build.id }, { onError: showFailure })
      }
    >
      {isCancelling ? 'Cancelling' : 'Cancel'}
    </Button>
  );
}

function RebuildMenu({ buildId }: { buildId: string }) {
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
          Rebuild
          <ChevronDown aria-hidden />
        </Button>
      }
    >
      <MenuItem onSelect={() => start(false)}>Rebuild this revision</MenuItem>
      <MenuItem onSelect={() => start(true)}>Rebuild without cache</MenuItem>
    </Menu>
  );
}

/** What can be done to a build from its own page. */
export function BuildActions({ build }: { build: BuildView }) {
  const { previous } = build;
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
      {isMoving(build.state) ? (
        <CancelButton build={build} />
      ) : (
        <RebuildMenu buildId={build.id} />
      )}
    </>
  );
}
