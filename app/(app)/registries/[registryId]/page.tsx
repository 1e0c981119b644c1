import type { Metadata } from 'next';
import { cache } from 'react';
import { Hydrate } from '@/components/hydrate';
import { RegistryPanel } from '@/components/registries/registry-panel';
import { pageActor } from '@/lib/auth';
import { readById } from '@/lib/page';
import { inventoryKeys } from '@/lib/queries/inventory';
import { registryKeys } from '@/lib/queries/registries';
import { listScans } from '@/lib/services/registry-scans';
import { getRegistry } from '@/lib/services/registry-views';

const readRegistry = cache((id: string) => readById(getRegistry, id));

export async function generateMetadata({
  params,
}: PageProps<'/registries/[registryId]'>): Promise<Metadata> {
  const { registryId } = await params;
  const { name } = await readRegistry(registryId);
  return { title: name };
}

export default async function RegistryPage({
  params,
  searchParams,
}: PageProps<'/registries/[registryId]'>) {
  const { registryId } = await params;
  const { test } = await searchParams;
  const actor = await pageActor();
  const registry = await readRegistry(registryId);
  return (
    <Hydrate
      seeds={[
        [registryKeys.detail(registryId), registry],
        [inventoryKeys.scans, await listScans(actor)],
      ]}
    >
      <RegistryPanel
        registryId={registryId}
        isOwner={actor.role === 'owner'}
        testsAtOnce={test === '1'}
      />
    </Hydrate>
  );
}
