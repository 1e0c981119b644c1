'use client';
import { useQuery } from '@tanstack/react-query';
import {
  CacheChart,
  OutcomeChart,
  SizeChart,
} from '@/components/builds/trend-charts';
import { Card } from '@/components/ui/card';
import { trendFilters } from '@/lib/build/list-filter';
import { buildQueries } from '@/lib/queries/builds';

/** How a spec's builds went of late: outcomes and durations, and of the published ones size and cached share. Seed `buildKeys.recent`. */
export function SpecTrends({ specId }: { specId: string }) {
  const filters = trendFilters(specId);
  const { data: all = [] } = useQuery(buildQueries.recent(filters.all));
  const { data: published = [] } = useQuery(
    buildQueries.recent(filters.published),
  );
  if (all.length === 0) return null;
  return (
    <Card className="mb-3">
      <div className="grid gap-x-8 gap-y-4 sm:grid-cols-3">
        <OutcomeChart builds={all} />
        {published.length > 0 && (
          <>
            <SizeChart builds={published} />
            <CacheChart builds={published} />
          </>
        )}
      </div>
    </Card>
  );
}
