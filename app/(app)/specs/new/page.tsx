import type { Metadata } from 'next';
import { z } from 'zod';
import { Hydrate } from '@/components/hydrate';
import { NewSpecEditor } from '@/components/specs/spec-editor';
import { pageActor } from '@/lib/auth';
import { registryKeys } from '@/lib/queries/registries';
import { specKeys } from '@/lib/queries/specs';
import { listRegistries } from '@/lib/services/registry-views';
import { getHelperImages } from '@/lib/services/settings';

export const metadata: Metadata = { title: 'New spec' };

const Search = z.object({ registry: z.uuid().nullable().catch(null) });

export default async function NewSpecPage({
  searchParams,
}: PageProps<'/specs/new'>) {
  const actor = await pageActor();
  const { registry } = Search.parse(await searchParams);
  const [registries, helperImages] = await Promise.all([
    listRegistries(actor),
    getHelperImages(actor),
  ]);
  return (
    <Hydrate
      seeds={[
        [registryKeys.list, registries],
        [specKeys.helperImages, helperImages],
      ]}
    >
      <NewSpecEditor userId={actor.userId} registryId={registry} />
    </Hydrate>
  );
}
