import { X } from 'lucide-react';
import type { Metadata } from 'next';
import { z } from 'zod';
import { BuildList } from '@/components/builds/build-list';
import { Hydrate } from '@/components/hydrate';
import { ButtonLink } from '@/components/ui/button';
import { PageHeader } from '@/components/ui/page-header';
import { pageActor } from '@/lib/auth';
import { type BuildListFilter, buildKeys } from '@/lib/queries/builds';
import { listBuilds } from '@/lib/services/builds';
import { getCounts } from '@/lib/services/overview';

export const metadata: Metadata = { title: 'Builds' };

const Search = z.object({
  spec: z.uuid().optional().catch(undefined),
  batch: z.uuid().optional().catch(undefined),
  before: z.uuid().optional().catch(undefined),
});

export default async function BuildsPage({
  searchParams,
}: PageProps<'/builds'>) {
  const { spec, batch, before } = Search.parse(await searchParams);
  const filter: BuildListFilter = {
    ...(spec === undefined ? {} : { specId: spec }),
    ...(batch === undefined ? {} : { batchId: batch }),
    ...(before === undefined ? {} : { before }),
  };
  const actor = await pageActor();
  const builds = await listBuilds(actor, filter);
  const hasSpecs =
    builds.items.length > 0 || (await getCounts(actor)).specs > 0;
  const specName = builds.items[0]?.spec.name ?? 'one spec';
  const filterName =
    batch !== undefined
      ? 'Asked for together'
      : spec !== undefined
        ? `Of ${specName}`
        : null;
  return (
    <>
      <PageHeader
        title="Builds"
        status={
          filterName === null ? undefined : (
            <ButtonLink
              size="sm"
              href="/builds"
              aria-label={`${filterName}. Show all builds`}
            >
              {filterName} <X aria-hidden />
            </ButtonLink>
          )
        }
      />
      <Hydrate seeds={[[buildKeys.list(filter), builds]]}>
        <BuildList filter={filter} hasSpecs={hasSpecs} />
      </Hydrate>
    </>
  );
}
