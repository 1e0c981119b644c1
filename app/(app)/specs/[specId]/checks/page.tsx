import type { Metadata } from 'next';
import { Hydrate } from '@/components/hydrate';
import { SpecChecks } from '@/components/specs/spec-checks';
import { SpecFrame } from '@/components/specs/spec-frame';
import { pageActor } from '@/lib/auth';
import { orNotFound, pageId } from '@/lib/page';
import { specCheckKeys } from '@/lib/queries/spec-checks';
import { specKeys } from '@/lib/queries/specs';
import { listFormattedTags } from '@/lib/services/spec-neighbours';
import { getSpec } from '@/lib/services/spec-views';

export const metadata: Metadata = { title: 'Checks of a spec' };

export default async function SpecChecksPage({
  params,
}: PageProps<'/specs/[specId]/checks'>) {
  const specId = pageId((await params).specId);
  const actor = await pageActor();
  const spec = await orNotFound(getSpec(actor, specId));
  return (
    <Hydrate
      seeds={[
        [specKeys.detail(specId), spec],
        [specCheckKeys.neighbours, await listFormattedTags(actor)],
      ]}
    >
      <SpecFrame specId={specId} tab="/checks">
        <SpecChecks specId={specId} />
      </SpecFrame>
    </Hydrate>
  );
}
