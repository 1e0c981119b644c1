import type { Metadata } from 'next';
import { NewRegistryForm } from '@/components/registries/registry-form';
import { PageHeader } from '@/components/ui/page-header';
import { pageActor } from '@/lib/auth';

export const metadata: Metadata = { title: 'Add a registry' };

export default async function NewRegistryPage() {
  const { role } = await pageActor();
  return (
    <>
      <PageHeader
        crumbs={[{ label: 'Registries', href: '/registries' }]}
        title="Add a registry"
      />
      <NewRegistryForm isOwner={role === 'owner'} />
    </>
  );
}
