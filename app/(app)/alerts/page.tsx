import type { Metadata } from 'next';
import { z } from 'zod';
import { AlertList } from '@/components/alerts/alert-list';
import { Hydrate } from '@/components/hydrate';
import { pageActor } from '@/lib/auth';
import { alertKeys } from '@/lib/queries/alerts';
import { AlertFilter } from '@/lib/registry/alerts';
import { listAlerts } from '@/lib/services/alerts';

export const metadata: Metadata = { title: 'Alerts' };

const Query = AlertFilter.extend({
  isResolved: z.stringbool().default(false).catch(false),
});

export default async function AlertsPage({
  searchParams,
}: PageProps<'/alerts'>) {
  const actor = await pageActor();
  const parsed = Query.safeParse(await searchParams);
  const filter: AlertFilter = parsed.data ?? { isResolved: false };
  const page = await listAlerts(actor, filter);
  return (
    <Hydrate seeds={[[alertKeys.list(filter), page]]}>
      <AlertList filter={filter} />
    </Hydrate>
  );
}
