import type { Metadata } from 'next';
import { cache } from 'react';
import { z } from 'zod';
import { Hydrate } from '@/components/hydrate';
import { RepositoryPanel } from '@/components/images/repository-panel';
import { pageActor } from '@/lib/auth';
import { readById } from '@/lib/page';
import { inventoryKeys } from '@/lib/queries/inventory';
import { getRepository, listTags } from '@/lib/services/repository-views';

const readRepository = cache((id: string) => readById(getRepository, id));

export async function generateMetadata({
  params,
}: PageProps<'/images/[repositoryId]'>): Promise<Metadata> {
  const { repositoryId } = await params;
  const { name } = await readRepository(repositoryId);
  return { title: name.split('/').slice(1).join('/') };
}

const tag = z.string().trim().min(1).max(128).optional().catch(undefined);
const Search = z.object({ q: tag, after: tag });

export default async function RepositoryPage({
  params,
  searchParams,
}: PageProps<'/images/[repositoryId]'>) {
  const { repositoryId } = await params;
  const { q, after } = Search.parse(await searchParams);
  const filter = { ...(q ? { q } : {}), ...(after ? { after } : {}) };
  const repository = await readRepository(repositoryId);
  const tags = await listTags(await pageActor(), repositoryId, filter);
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
