import type { Metadata } from 'next';
import { Hydrate } from '@/components/hydrate';
import { SpecFrame } from '@/components/specs/spec-frame';
import { SpecUse } from '@/components/specs/spec-use';
import { pageActor } from '@/lib/auth';
import { orNotFound, pageId } from '@/lib/page';
import { specKeys } from '@/lib/queries/specs';
import { getSpec } from '@/lib/services/spec-views';

export const metadata: Metadata = { title: 'Use of a spec' };

export default async function SpecUsePage({
  params,
}: PageProps<'/specs/[specId]/use'>) {
  const specId = pageId((await params).specId);
  const spec = await orNotFound(getSpec(await pageActor(), specId));
  return (
    <Hydrate seeds={[[specKeys.detail(specId), spec]]}>
      <SpecFrame specId={specId} tab="/use">
        <SpecUse specId={specId} />
      </SpecFrame>
    </Hydrate>
  );
}
