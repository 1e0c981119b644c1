import type { Metadata } from 'next';
import { Hydrate } from '@/components/hydrate';
import { ImageFilters } from '@/components/images/image-filters';
import { ImageTable } from '@/components/images/image-table';
import { ImageTabs } from '@/components/images/image-tabs';
import { PageHeader } from '@/components/ui/page-header';
import { pageActor } from '@/lib/auth';
import { imageKeys } from '@/lib/queries/images';
import { readImageCursor, readImageFilter } from '@/lib/registry/image-filter';
import { listImages } from '@/lib/services/image-list';
import { listRegistries } from '@/lib/services/registry-views';

export const metadata: Metadata = { title: 'Images' };

export default async function ImagesPage({
  searchParams,
}: PageProps<'/images'>) {
  const search = await searchParams;
  const filter = readImageFilter(search);
  const after = readImageCursor(search);
  const actor = await pageActor();
  const [page, registries] = await Promise.all([
    listImages(actor, filter, after),
    listRegistries(actor),
  ]);
  return (
    <>
      <PageHeader title="Images" />
      <ImageTabs />
      <ImageFilters
        key={JSON.stringify(filter)}
        filter={filter}
        registries={registries.map(({ id, name }) => ({ id, name }))}
      />
      <Hydrate seeds={[[imageKeys.list(filter, after), page]]}>
        <ImageTable filter={filter} after={after} />
      </Hydrate>
    </>
  );
}
