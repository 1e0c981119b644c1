import type { Metadata } from 'next';
import { z } from 'zod';
import { Hydrate } from '@/components/hydrate';
import { ImageTable } from '@/components/images/image-table';
import { PageHeader } from '@/components/ui/page-header';
import { pageActor } from '@/lib/auth';
import { imageKeys } from '@/lib/queries/images';
import { listImages } from '@/lib/services/image-views';

export const metadata: Metadata = { title: 'Images' };

const After = z.object({
  seenAt: z.iso.datetime(),
  digest: z.string().max(200),
});

export default async function ImagesPage({
  searchParams,
}: PageProps<'/images'>) {
  const after = After.safeParse(await searchParams).data ?? null;
  const page = await listImages(await pageActor(), after ?? undefined);
  return (
    <>
      <PageHeader title="Images" />
      <Hydrate seeds={[[imageKeys.list(after), page]]}>
        <ImageTable after={after} />
      </Hydrate>
    </>
  );
}
