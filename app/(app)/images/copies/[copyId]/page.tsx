import type { Metadata } from 'next';
import { cache } from 'react';
import { Hydrate } from '@/components/hydrate';
import { CopyPanel } from '@/components/images/copy-panel';
import { readById } from '@/lib/page';
import { inventoryKeys } from '@/lib/queries/inventory';
import { getCopy } from '@/lib/services/image-copies';

const readCopy = cache((id: string) => readById(getCopy, id));

export async function generateMetadata({
  params,
}: PageProps<'/images/copies/[copyId]'>): Promise<Metadata> {
  const { copyId } = await params;
  const { from } = await readCopy(copyId);
  return { title: `Copy of ${from.repository}` };
}

export default async function CopyPage({
  params,
}: PageProps<'/images/copies/[copyId]'>) {
  const { copyId } = await params;
  const copy = await readCopy(copyId);
  return (
    <Hydrate seeds={[[inventoryKeys.copy(copyId), copy]]}>
      <CopyPanel copyId={copyId} />
    </Hydrate>
  );
}
