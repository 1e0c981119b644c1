import type { Metadata } from 'next';
import { z } from 'zod';
import { Hydrate } from '@/components/hydrate';
import { ImageTabs } from '@/components/images/image-tabs';
import { RepositoryList } from '@/components/images/repository-list';
import { PageHeader } from '@/components/ui/page-header';
import { pageActor } from '@/lib/auth';
import { inventoryKeys } from '@/lib/queries/inventory';
import { listScans } from '@/lib/services/registry-scans';
import { listRepositories } from '@/lib/services/repository-views';

export const metadata: Metadata = { title: 'Repositories' };

const text = z.string().trim().min(1).max(600).optional().catch(undefined);
const Search = z.object({ q: text, after: text });

export default async function RepositoriesPage({
  searchParams,
}: PageProps<'/images/repositories'>) {
  const { q, after } = Search.parse(await searchParams);
  const filter = { ...(q ? { q } : {}), ...(after ? { after } : {}) };
  const actor = await pageActor();
  const [page, scans] = await Promise.all([
    listRepositories(actor, filter),
    listScans(actor),
  ]);
  return (
    <>
      <PageHeader title="Images" />
      <ImageTabs />
      <Hydrate
        seeds={[
          [inventoryKeys.repositories(filter), page],
          [inventoryKeys.scans, scans],
        ]}
      >
        <RepositoryList key={q ?? ''} filter={filter} />
      </Hydrate>
    </>
  );
}
