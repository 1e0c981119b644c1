'use client';
import { useQuery } from '@tanstack/react-query';
import { Hammer } from 'lucide-react';
import { BuildTable } from '@/components/builds/build-table';
import { EmptyState } from '@/components/ui/empty-state';
import { ErrorNotice } from '@/components/ui/error-notice';
import { Pager } from '@/components/ui/pager';
import { TableSkeleton } from '@/components/ui/skeleton';
import { type BuildListFilter, buildQueries } from '@/lib/queries/builds';
import { errorView } from '@/lib/queries/fetch-json';

/** The builds of one spec, newest first. */
export function SpecBuilds({
  specId,
  before,
}: {
  specId: string;
  before: string | undefined;
}) {
  const filter: BuildListFilter = { specId, ...(before ? { before } : {}) };
  const { data, error, refetch } = useQuery(buildQueries.list(filter));
  if (error && !data)
    return (
      <ErrorNotice error={errorView(error)} onRetry={() => void refetch()} />
    );
  if (!data) return <TableSkeleton columns={6} />;
  if (data.items.length === 0 && !before)
    return (
      <EmptyState icon={<Hammer />} title="Not built yet">
        Press Build: a connected worker makes the image and pushes it.
      </EmptyState>
    );
  const href = `/specs/${specId}/builds`;
  return (
    <>
      <BuildTable builds={data.items} hasSpec={false} />
      <Pager
        order="time"
        firstHref={before ? href : null}
        nextHref={data.next ? `${href}?before=${data.next}` : null}
      />
    </>
  );
}
