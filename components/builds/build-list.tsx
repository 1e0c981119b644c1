'use client';
import { useQuery } from '@tanstack/react-query';
import { Hammer } from 'lucide-react';
import { BuildTable } from '@/components/builds/build-table';
import { CompareBar } from '@/components/builds/compare-bar';
import { useCompareChoice } from '@/components/builds/use-compare-choice';
import { ButtonLink } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { ErrorNotice } from '@/components/ui/error-notice';
import { formatCount } from '@/components/ui/format';
import { Pager } from '@/components/ui/pager';
import { TableSkeleton } from '@/components/ui/skeleton';
import { type BuildPage, buildsHref } from '@/lib/build/list-filter';
import { buildQueries } from '@/lib/queries/builds';
import { errorView } from '@/lib/queries/fetch-json';

/** One page of builds, alive while one of them moves. Seed `buildKeys.list(page)`. */
export function BuildList({
  page,
  hasSpecs,
}: {
  page: BuildPage;
  /** Whether there is a spec that could be built. */
  hasSpecs: boolean;
}) {
  const { data, error, refetch, isFetching } = useQuery(
    buildQueries.list(page),
  );
  const choice = useCompareChoice();
  const { before, ...filter } = page;
  const isLongest = filter.sort === 'longest';
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
        <Empty isFiltered={Object.keys(page).length > 0} hasSpecs={hasSpecs} />
      ) : (
        <>
          <p className="mb-1.5 text-xs text-ink-3" role="status">
            {formatCount(data.count)} {data.count === 1 ? 'build' : 'builds'}
            {isLongest &&
              data.count > 1_000 &&
              ', the longest of the newest 5,000 first'}
          </p>
          <BuildTable builds={data.items} choice={choice} />
        </>
      )}
      <CompareBar {...choice} />
      <Pager
        order={isLongest ? 'name' : 'time'}
        firstHref={before === undefined ? null : buildsHref(filter)}
        nextHref={
          data.next === null
            ? null
            : buildsHref({ ...filter, before: data.next })
        }
      />
    </>
  );
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
