'use client';
import { useQuery } from '@tanstack/react-query';
import { Hammer } from 'lucide-react';
import { BuildTable } from '@/components/builds/build-table';
import { ButtonLink } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { ErrorNotice } from '@/components/ui/error-notice';
import { Pager } from '@/components/ui/pager';
import { TableSkeleton } from '@/components/ui/skeleton';
import { type BuildListFilter, buildQueries } from '@/lib/queries/builds';
import { errorView } from '@/lib/queries/fetch-json';

/** One page of builds, newest first, alive while one of them moves. Seed `buildKeys.list(filter)`. */
export function BuildList({
  filter,
  hasSpecs,
}: {
  filter: BuildListFilter;
  /** Whether there is a spec that could be built. */
  hasSpecs: boolean;
}) {
  const { data, error, refetch, isFetching } = useQuery(
    buildQueries.list(filter),
  );
  const { before, ...lasting } = filter;
  const notice = error && (
    <ErrorNotice
      error={errorView(error)}
      onRetry={() => void refetch()}
      isRetrying={isFetching}
      className="mb-4"
    />
  );
  if (!data) return notice || <TableSkeleton rows={8} columns={6} />;
  return (
    <>
      {notice}
      {data.items.length === 0 ? (
        <Empty
          isFiltered={Object.keys(filter).length > 0}
          hasSpecs={hasSpecs}
        />
      ) : (
        <BuildTable builds={data.items} />
      )}
      <Pager
        order="time"
        firstHref={before === undefined ? null : buildsHref(lasting)}
        nextHref={
          data.next === null
            ? null
            : buildsHref({ ...lasting, before: data.next })
        }
      />
    </>
  );
}

/** The page of builds with a filter in its address. */
export function buildsHref({ before, specId }: BuildListFilter): string {
  const search = new URLSearchParams({
    ...(specId === undefined ? {} : { spec: specId }),
    ...(before === undefined ? {} : { before }),
  }).toString();
  return search === '' ? '/builds' : `/builds?${search}`;
}

function Empty({
  isFiltered,
  hasSpecs,
}: {
  isFiltered: boolean;
  hasSpecs: boolean;
}) {
  if (isFiltered)
    return (
      <EmptyState
        icon={<Hammer />}
        title="No builds here"
        action={<ButtonLink href="/builds">Show all builds</ButtonLink>}
      />
    );
  return hasSpecs ? (
    <EmptyState
      icon={<Hammer />}
      title="Nothing was built yet"
      action={
        <ButtonLink variant="primary" href="/specs">
          Choose a spec to build
        </ButtonLink>
      }
    >
      A build turns a revision of a spec into an image in your registry, with
      its log and digest kept here.
    </EmptyState>
  ) : (
    <EmptyState
      icon={<Hammer />}
      title="Nothing was built yet"
      action={
        <>
          <ButtonLink variant="primary" href="/specs/new">
            Define a spec
          </ButtonLink>
          <ButtonLink href="/registries/new">Add a registry</ButtonLink>
        </>
      }
    >
      A build needs a spec to build from and a registry to push to.
    </EmptyState>
  );
}
