import type { Metadata } from 'next';
import { Hydrate } from '@/components/hydrate';
import { CopyPanel } from '@/components/images/copy-panel';
import { pageActor } from '@/lib/auth';
import { orNotFound, pageId } from '@/lib/page';
import { inventoryKeys } from '@/lib/queries/inventory';
import { getCopy } from '@/lib/services/image-copies';

export const metadata: Metadata = { title: 'Copy' };

export default async function CopyPage({
  params,
}: PageProps<'/images/copies/[copyId]'>) {
  const copyId = pageId((await params).copyId);
  const copy = await orNotFound(getCopy(await pageActor(), copyId));
  return (
    <Hydrate seeds={[[inventoryKeys.copy(copyId), copy]]}>
      <CopyPanel copyId={copyId} />
    </Hydrate>
  );
}
