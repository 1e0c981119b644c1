'use client';
import { useQuery } from '@tanstack/react-query';
import { Hammer } from 'lucide-react';
import { BuildTable } from '@/components/builds/build-table';
import { CompareBar } from '@/components/builds/compare-bar';
import { useCompareChoice } from '@/components/builds/use-compare-choice';
import { SpecTrends } from '@/components/specs/spec-trends';
import { EmptyState } from '@/components/ui/empty-state';
import { ErrorNotice } from '@/components/ui/error-notice';
import { Pager } from '@/components/ui/pager';
import { TableSkeleton } from '@/components/ui/skeleton';
import { buildQueries } from '@/lib/queries/builds';
import { errorView } from '@/lib/queries/fetch-json';

/** The builds of one spec, newest first. */
export function SpecBuilds({
  specId,
  before,
}: {
  specId: string;
  before: string | undefined;
}) {
  const { data, error, refetch } = useQuery(
    buildQueries.list({ spec: specId, ...(before ? { before } : {}) }),
  );
  const choice = useCompareChoice();
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
      <SpecTrends specId={specId} />
      <BuildTable builds={data.items} choice={choice} hasSpec={false} />
      <CompareBar {...choice} />
      <Pager
        order="time"
        firstHref={before ? href : null}
        nextHref={data.next ? `${href}?before=${data.next}` : null}
      />
    </>
  );
}
