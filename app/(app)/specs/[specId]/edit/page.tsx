import type { Metadata } from 'next';
import { cache } from 'react';
import { redirect } from 'next/navigation';
import { z } from 'zod';
import { Hydrate } from '@/components/hydrate';
import { SpecEditor } from '@/components/specs/spec-editor';
import { pageActor } from '@/lib/auth';
import { orNotFound, readById } from '@/lib/page';
import { registryKeys } from '@/lib/queries/registries';
import { specKeys } from '@/lib/queries/specs';
import { listRegistries } from '@/lib/services/registry-views';
import { getRevision } from '@/lib/services/revision-views';
import { getHelperImages } from '@/lib/services/settings';
import { getSpec } from '@/lib/services/spec-views';

const readSpec = cache((id: string) => readById(getSpec, id));

export async function generateMetadata({
  params,
}: PageProps<'/specs/[specId]/edit'>): Promise<Metadata> {
  const { specId } = await params;
  const { name } = await readSpec(specId);
  return { title: `Edit ${name}` };
}

const Search = z.object({
  from: z.coerce.number().int().positive().optional().catch(undefined),
});

export default async function EditSpecPage({
  params,
  searchParams,
}: PageProps<'/specs/[specId]/edit'>) {
  const { specId } = await params;
  const actor = await pageActor();
  const spec = await readSpec(specId);
  if (spec.archivedAt) redirect(`/specs/${specId}`);
  const { from } = Search.parse(await searchParams);
  const start =
    from === undefined || from === spec.revision.number
      ? null
      : await orNotFound(getRevision(actor, { specId, number: from }));
  return (
    <Hydrate
      seeds={[
        [specKeys.detail(specId), spec],
        [registryKeys.list, await listRegistries(actor)],
        [specKeys.helperImages, await getHelperImages(actor)],
      ]}
    >
      <SpecEditor userId={actor.userId} specId={specId} start={start} />
    </Hydrate>
  );
}
