import type { Metadata } from 'next';
import { Hydrate } from '@/components/hydrate';
import { RegistryPanel } from '@/components/registries/registry-panel';
import { pageActor } from '@/lib/auth';
import { orNotFound, pageId } from '@/lib/page';
import { inventoryKeys } from '@/lib/queries/inventory';
import { registryKeys } from '@/lib/queries/registries';
import { listScans } from '@/lib/services/registry-scans';
import { getRegistry } from '@/lib/services/registry-views';

export const metadata: Metadata = { title: 'Registry' };

export default async function RegistryPage({
  params,
  searchParams,
}: PageProps<'/registries/[registryId]'>) {
  const registryId = pageId((await params).registryId);
  const { test } = await searchParams;
  const actor = await pageActor();
  const registry = await orNotFound(getRegistry(actor, registryId));
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
