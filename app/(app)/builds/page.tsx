import { FileUp } from 'lucide-react';
import type { Metadata } from 'next';
import { BuildFilters } from '@/components/builds/build-filters';
import { BuildList } from '@/components/builds/build-list';
import { RecentBuilds } from '@/components/builds/recent-builds';
import { Hydrate } from '@/components/hydrate';
import { ButtonLink } from '@/components/ui/button';
import { PageHeader } from '@/components/ui/page-header';
import { pageActor } from '@/lib/auth';
import { readBuildPage } from '@/lib/build/list-filter';
import { buildKeys } from '@/lib/queries/builds';
import { listBuildChoices } from '@/lib/services/build-choices';
import { listBuilds, recentBuilds } from '@/lib/services/build-list';
import { getCounts } from '@/lib/services/overview';

export const metadata: Metadata = { title: 'Builds' };

export default async function BuildsPage({
  searchParams,
}: PageProps<'/builds'>) {
  const page = readBuildPage(await searchParams);
  const { before: _, ...filter } = page;
  const actor = await pageActor();
  const [builds, recent, choices] = await Promise.all([
    listBuilds(actor, page),
    recentBuilds(actor, filter),
    listBuildChoices(actor, filter),
  ]);
  const hasSpecs =
    builds.items.length > 0 || (await getCounts(actor)).specs > 0;
  return (
    <>
      <PageHeader
        title="Builds"
        actions={
          <ButtonLink href="/builds/records" icon={<FileUp aria-hidden />}>
            Import a record
          </ButtonLink>
        }
      />
      <BuildFilters
        key={JSON.stringify(filter)}
        filter={filter}
        choices={choices}
      />
      <Hydrate
        seeds={[
          [buildKeys.recent(filter), recent],
          [buildKeys.list(page), builds],
        ]}
      >
        <RecentBuilds filter={filter} />
        <BuildList page={page} hasSpecs={hasSpecs} />
      </Hydrate>
    </>
  );
}
