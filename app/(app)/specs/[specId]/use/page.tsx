import type { Metadata } from 'next';
import { cache } from 'react';
import { Hydrate } from '@/components/hydrate';
import { SpecFrame } from '@/components/specs/spec-frame';
import { SpecUse } from '@/components/specs/spec-use';
import { readById } from '@/lib/page';
import { specKeys } from '@/lib/queries/specs';
import { getSpec } from '@/lib/services/spec-views';

const readSpec = cache((id: string) => readById(getSpec, id));

export async function generateMetadata({
  params,
}: PageProps<'/specs/[specId]/use'>): Promise<Metadata> {
  const { specId } = await params;
  const { name } = await readSpec(specId);
  return { title: `Use of ${name}` };
}

export default async function SpecUsePage({
  params,
}: PageProps<'/specs/[specId]/use'>) {
  const { specId } = await params;
  const spec = await readSpec(specId);
  return (
    <Hydrate seeds={[[specKeys.detail(specId), spec]]}>
      <SpecFrame specId={specId} tab="/use">
        <SpecUse specId={specId} />
      </SpecFrame>
    </Hydrate>
  );
}
