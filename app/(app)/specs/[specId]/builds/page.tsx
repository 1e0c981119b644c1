import type { Metadata } from 'next';
import { cache } from 'react';
import { z } from 'zod';
import { Hydrate } from '@/components/hydrate';
import { SpecBuilds } from '@/components/specs/spec-builds';
import { SpecFrame } from '@/components/specs/spec-frame';
import { pageActor } from '@/lib/auth';
import { readById } from '@/lib/page';
import { buildKeys } from '@/lib/queries/builds';
import { specKeys } from '@/lib/queries/specs';
import { trendFilters } from '@/lib/build/list-filter';
import { listBuilds, recentBuilds } from '@/lib/services/build-list';
import { getSpec } from '@/lib/services/spec-views';

const readSpec = cache((id: string) => readById(getSpec, id));

export async function generateMetadata({
  params,
}: PageProps<'/specs/[specId]/builds'>): Promise<Metadata> {
  const { specId } = await params;
  const { name } = await readSpec(specId);
  return { title: `Builds of ${name}` };
}

const Search = z.object({ before: z.uuid().optional().catch(undefined) });

export default async function SpecBuildsPage({
  params,
  searchParams,
}: PageProps<'/specs/[specId]/builds'>) {
  const { specId } = await params;
  const { before } = Search.parse(await searchParams);
  const actor = await pageActor();
  const spec = await readSpec(specId);
  const page = { spec: specId, ...(before ? { before } : {}) };
  const { all, published } = trendFilters(specId);
  return (
    <Hydrate
      seeds={[
        [specKeys.detail(specId), spec],
        [buildKeys.list(page), await listBuilds(actor, page)],
        [buildKeys.recent(all), await recentBuilds(actor, all)],
        [buildKeys.recent(published), await recentBuilds(actor, published)],
      ]}
    >
      <SpecFrame specId={specId} tab="/builds">
        <SpecBuilds specId={specId} before={before} />
      </SpecFrame>
    </Hydrate>
  );
}
