import type { Metadata } from 'next';
import { Hydrate } from '@/components/hydrate';
import { HelperImagesCard } from '@/components/specs/helper-images-form';
import { PageHeader } from '@/components/ui/page-header';
import { pageActor } from '@/lib/auth';
import { specKeys } from '@/lib/queries/specs';
import { getHelperImages } from '@/lib/services/settings';

export const metadata: Metadata = { title: 'Helper images' };

export default async function HelperImagesPage() {
  const actor = await pageActor();
  const images = await getHelperImages(actor);
  return (
    <>
      <PageHeader
        crumbs={[{ label: 'Specs', href: '/specs' }]}
        title="Helper images"
      />
      <Hydrate seeds={[[specKeys.helperImages, images]]}>
        <div className="max-w-2xl">
          <HelperImagesCard isOwner={actor.role === 'owner'} />
        </div>
      </Hydrate>
    </>
  );
}
