import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { z } from 'zod';
import { Hydrate } from '@/components/hydrate';
import { SpecEditor } from '@/components/specs/spec-editor';
import { pageActor } from '@/lib/auth';
import { orNotFound, pageId } from '@/lib/page';
import { registryKeys } from '@/lib/queries/registries';
import { specKeys } from '@/lib/queries/specs';
import { listRegistries } from '@/lib/services/registry-views';
import { getRevision } from '@/lib/services/revision-views';
import { getHelperImages } from '@/lib/services/settings';
import { getSpec } from '@/lib/services/spec-views';

export const metadata: Metadata = { title: 'Edit spec' };

const Search = z.object({
  from: z.coerce.number().int().positive().optional().catch(undefined),
});

export default async function EditSpecPage({
  params,
  searchParams,
}: PageProps<'/specs/[specId]/edit'>) {
  const specId = pageId((await params).specId);
  const actor = await pageActor();
  const spec = await orNotFound(getSpec(actor, specId));
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
