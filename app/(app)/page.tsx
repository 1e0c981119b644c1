import type { Metadata } from 'next';
import { Hydrate } from '@/components/hydrate';
import { Overview } from '@/components/overview/overview';
import { ButtonLink } from '@/components/ui/button';
import { PageHeader } from '@/components/ui/page-header';
import { pageActor } from '@/lib/auth';
import { overviewKeys } from '@/lib/queries/overview';
import { getOverview } from '@/lib/services/overview';

export const metadata: Metadata = { title: 'Overview' };

export default async function OverviewPage() {
  const overview = await getOverview(await pageActor());
  return (
    <>
      <PageHeader
        title="Overview"
        actions={
          <>
            <ButtonLink href="/tasks/import">Import tasks</ButtonLink>
            <ButtonLink variant="primary" href="/specs/new">
              New spec
            </ButtonLink>
          </>
        }
      />
      <Hydrate seeds={[[overviewKeys.all, overview]]}>
        <Overview />
      </Hydrate>
    </>
  );
}
