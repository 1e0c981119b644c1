'use client';
import { useQuery } from '@tanstack/react-query';
import { CacheChart, OutcomeChart } from '@/components/builds/trend-charts';
import { Card } from '@/components/ui/card';
import type { BuildFilter } from '@/lib/build/list-filter';
import { buildQueries } from '@/lib/queries/builds';

/** The last builds of a list as bars: how they ended, how long they ran, what the cache gave. Seed `buildKeys.recent`. */
export function RecentBuilds({ filter }: { filter: BuildFilter }) {
  const { data = [] } = useQuery(buildQueries.recent(filter));
  if (data.length === 0) return null;
  return (
    <Card className="mb-3">
      <div className="grid gap-x-8 gap-y-4 sm:grid-cols-2">
        <OutcomeChart builds={data} />
        <CacheChart builds={data} />
      </div>
    </Card>
  );
}
