import type { Metadata } from 'next';
import { cache } from 'react';
import { Hydrate } from '@/components/hydrate';
import { SpecDefinition } from '@/components/specs/spec-definition';
import { SpecFrame } from '@/components/specs/spec-frame';
import { pageActor } from '@/lib/auth';
import { readById } from '@/lib/page';
import { specKeys } from '@/lib/queries/specs';
import { getHelperImages } from '@/lib/services/settings';
import { getSpec } from '@/lib/services/spec-views';

const readSpec = cache((id: string) => readById(getSpec, id));

export async function generateMetadata({
  params,
}: PageProps<'/specs/[specId]'>): Promise<Metadata> {
  const { specId } = await params;
  const { name } = await readSpec(specId);
  return { title: name };
}

export default async function SpecPage({
  params,
}: PageProps<'/specs/[specId]'>) {
  const { specId } = await params;
  const actor = await pageActor();
  const spec = await readSpec(specId);
  return (
    <Hydrate
      seeds={[
        [specKeys.detail(specId), spec],
        [specKeys.helperImages, await getHelperImages(actor)],
      ]}
    >
      <SpecFrame specId={specId} tab="">
        <SpecDefinition specId={specId} />
      </SpecFrame>
    </Hydrate>
  );
}
