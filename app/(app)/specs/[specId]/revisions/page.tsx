import type { Metadata } from 'next';
import { z } from 'zod';
import { Hydrate } from '@/components/hydrate';
import { RevisionList } from '@/components/specs/revision-list';
import { SpecFrame } from '@/components/specs/spec-frame';
import { pageActor } from '@/lib/auth';
import { orNotFound, pageId } from '@/lib/page';
import { specKeys } from '@/lib/queries/specs';
import { listRevisions } from '@/lib/services/revision-views';
import { getSpec } from '@/lib/services/spec-views';

export const metadata: Metadata = { title: 'Revisions' };

const Search = z.object({
  before: z.coerce.number().int().positive().optional().catch(undefined),
});

export default async function RevisionsPage({
  params,
  searchParams,
}: PageProps<'/specs/[specId]/revisions'>) {
  const specId = pageId((await params).specId);
  const { before } = Search.parse(await searchParams);
  const actor = await pageActor();
  const spec = await orNotFound(getSpec(actor, specId));
  const revisions = await listRevisions(actor, { specId, before });
  return (
    <Hydrate
      seeds={[
        [specKeys.detail(specId), spec],
        [specKeys.revisions(specId, before), revisions],
      ]}
    >
      <SpecFrame specId={specId} tab="/revisions">
        <RevisionList specId={specId} before={before} />
      </SpecFrame>
    </Hydrate>
  );
}
