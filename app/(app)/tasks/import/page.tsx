import type { Metadata } from 'next';
import { Hydrate } from '@/components/hydrate';
import { ImportPanel } from '@/components/tasks/import-panel';
import { PageHeader } from '@/components/ui/page-header';
import { pageActor } from '@/lib/auth';
import { registryKeys } from '@/lib/queries/registries';
import { listRegistries } from '@/lib/services/registry-views';

export const metadata: Metadata = { title: 'Import Python' };

export default async function ImportPage() {
  const registries = await listRegistries(await pageActor());
  return (
    <>
      <PageHeader
        crumbs={[{ label: 'Tasks', href: '/tasks' }]}
        title="Import Python"
      />
      <Hydrate seeds={[[registryKeys.list, registries]]}>
        <ImportPanel />
      </Hydrate>
    </>
  );
}
