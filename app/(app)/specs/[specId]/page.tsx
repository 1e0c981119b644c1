import type { Metadata } from 'next';
import { Hydrate } from '@/components/hydrate';
import { SpecDefinition } from '@/components/specs/spec-definition';
import { SpecFrame } from '@/components/specs/spec-frame';
import { pageActor } from '@/lib/auth';
import { orNotFound, pageId } from '@/lib/page';
import { specKeys } from '@/lib/queries/specs';
import { getHelperImages } from '@/lib/services/settings';
import { getSpec } from '@/lib/services/spec-views';

export const metadata: Metadata = { title: 'Spec' };

export default async function SpecPage({
  params,
}: PageProps<'/specs/[specId]'>) {
  const specId = pageId((await params).specId);
  const actor = await pageActor();
  const spec = await orNotFound(getSpec(actor, specId));
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
