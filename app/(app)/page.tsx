import type { Metadata } from 'next';
import { Hydrate } from '@/components/hydrate';
import { Overview } from '@/components/overview/overview';
import { pageActor } from '@/lib/auth';
import { overviewKeys } from '@/lib/queries/overview';
import { getOverview } from '@/lib/services/overview';

export const metadata: Metadata = { title: 'Overview' };

export default async function OverviewPage() {
  const overview = await getOverview(await pageActor());
  return (
    <Hydrate seeds={[[overviewKeys.all, overview]]}>
      <Overview />
    </Hydrate>
  );
}
