import type { Metadata } from 'next';
import { z } from 'zod';
import { Hydrate } from '@/components/hydrate';
import { RepositoryPanel } from '@/components/images/repository-panel';
import { pageActor } from '@/lib/auth';
import { orNotFound, pageId } from '@/lib/page';
import { inventoryKeys } from '@/lib/queries/inventory';
import { getRepository, listTags } from '@/lib/services/repository-views';

export const metadata: Metadata = { title: 'Repository' };

const tag = z.string().trim().min(1).max(128).optional().catch(undefined);
const Search = z.object({ q: tag, after: tag });

export default async function RepositoryPage({
  params,
  searchParams,
}: PageProps<'/images/[repositoryId]'>) {
  const repositoryId = pageId((await params).repositoryId);
  const { q, after } = Search.parse(await searchParams);
  const filter = { ...(q ? { q } : {}), ...(after ? { after } : {}) };
  const actor = await pageActor();
  const repository = await orNotFound(getRepository(actor, repositoryId));
  const tags = await listTags(actor, repositoryId, filter);
  return (
    <Hydrate
      seeds={[
        [inventoryKeys.repository(repositoryId), repository],
        [inventoryKeys.tags(repositoryId, filter), tags],
      ]}
    >
      <RepositoryPanel
        key={q ?? ''}
        repositoryId={repositoryId}
        filter={filter}
      />
    </Hydrate>
  );
}
