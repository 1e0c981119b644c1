import type { Metadata } from 'next';
import { Hydrate } from '@/components/hydrate';
import { SpecChecks } from '@/components/specs/spec-checks';
import { SpecFrame } from '@/components/specs/spec-frame';
import { pageActor } from '@/lib/auth';
import { orNotFound, pageId } from '@/lib/page';
import { specKeys } from '@/lib/queries/specs';
import { getDefaults } from '@/lib/services/settings';
import { listBases } from '@/lib/services/spec-bases';
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
        [specKeys.defaults, await getDefaults(actor)],
        [specKeys.bases, await listBases(actor)],
      ]}
    >
      <SpecFrame specId={specId} tab="/checks">
        <SpecChecks specId={specId} />
      </SpecFrame>
    </Hydrate>
  );
}
