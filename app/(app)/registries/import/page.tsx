import type { Metadata } from 'next';
import { ImportPanel } from '@/components/registries/import-panel';
import { PageHeader } from '@/components/ui/page-header';
import { pageActor } from '@/lib/auth';

export const metadata: Metadata = { title: 'Import a config.json' };

export default async function ImportRegistriesPage() {
  await pageActor();
  return (
    <>
      <PageHeader
        crumbs={[{ label: 'Registries', href: '/registries' }]}
        title="Import a config.json"
      >
        The logins of Docker or Podman become credentials of registries here.
      </PageHeader>
      <ImportPanel />
    </>
  );
}
