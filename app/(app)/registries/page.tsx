import { Plus } from 'lucide-react';
import type { Metadata } from 'next';
import { Hydrate } from '@/components/hydrate';
import { RegistryTable } from '@/components/registries/registry-table';
import { ButtonLink } from '@/components/ui/button';
import { PageHeader } from '@/components/ui/page-header';
import { pageActor } from '@/lib/auth';
import { registryKeys } from '@/lib/queries/registries';
import { listRegistries } from '@/lib/services/registry-views';

export const metadata: Metadata = { title: 'Registries' };

export default async function RegistriesPage() {
  const registries = await listRegistries(await pageActor());
  return (
    <>
      <PageHeader
        title="Registries"
        actions={
          registries.length > 0 && (
            <>
              <ButtonLink href="/registries/import">
                Import a config.json
              </ButtonLink>
              <ButtonLink
                href="/registries/new"
                variant="primary"
                icon={<Plus />}
              >
                Add a registry
              </ButtonLink>
            </>
          )
        }
      />
      <Hydrate seeds={[[registryKeys.list, registries]]}>
        <RegistryTable />
      </Hydrate>
    </>
  );
}
