import type { Metadata } from 'next';
import { cache } from 'react';
import { z } from 'zod';
import { Hydrate } from '@/components/hydrate';
import { RevisionList } from '@/components/specs/revision-list';
import { SpecFrame } from '@/components/specs/spec-frame';
import { pageActor } from '@/lib/auth';
import { readById } from '@/lib/page';
import { specKeys } from '@/lib/queries/specs';
import { listRevisions } from '@/lib/services/revision-views';
import { getSpec } from '@/lib/services/spec-views';

const readSpec = cache((id: string) => readById(getSpec, id));

export async function generateMetadata({
  params,
}: PageProps<'/specs/[specId]/revisions'>): Promise<Metadata> {
  const { specId } = await params;
  const { name } = await readSpec(specId);
  return { title: `Revisions of ${name}` };
}

const Search = z.object({
  before: z.coerce.number().int().positive().optional().catch(undefined),
});

export default async function RevisionsPage({
  params,
  searchParams,
}: PageProps<'/specs/[specId]/revisions'>) {
  const { specId } = await params;
  const { before } = Search.parse(await searchParams);
  const actor = await pageActor();
  const spec = await readSpec(specId);
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
