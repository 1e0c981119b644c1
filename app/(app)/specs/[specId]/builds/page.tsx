import type { Metadata } from 'next';
import { z } from 'zod';
import { Hydrate } from '@/components/hydrate';
import { SpecBuilds } from '@/components/specs/spec-builds';
import { SpecFrame } from '@/components/specs/spec-frame';
import { pageActor } from '@/lib/auth';
import { orNotFound, pageId } from '@/lib/page';
import { buildKeys } from '@/lib/queries/builds';
import { specKeys } from '@/lib/queries/specs';
import { listBuilds } from '@/lib/services/builds';
import { getSpec } from '@/lib/services/spec-views';

export const metadata: Metadata = { title: 'Builds of a spec' };

const Search = z.object({ before: z.uuid().optional().catch(undefined) });

export default async function SpecBuildsPage({
  params,
  searchParams,
}: PageProps<'/specs/[specId]/builds'>) {
  const specId = pageId((await params).specId);
  const { before } = Search.parse(await searchParams);
  const actor = await pageActor();
  const spec = await orNotFound(getSpec(actor, specId));
  const filter = { specId, ...(before ? { before } : {}) };
  return (
    <Hydrate
      seeds={[
        [specKeys.detail(specId), spec],
        [buildKeys.list(filter), await listBuilds(actor, filter)],
      ]}
    >
      <SpecFrame specId={specId} tab="/builds">
        <SpecBuilds specId={specId} before={before} />
      </SpecFrame>
    </Hydrate>
  );
}
