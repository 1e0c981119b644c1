import { FileUp, Plus } from 'lucide-react';
import type { Metadata } from 'next';
import { z } from 'zod';
import { Hydrate } from '@/components/hydrate';
import { SpecTable } from '@/components/specs/spec-table';
import { ButtonLink } from '@/components/ui/button';
import { TextLink } from '@/components/ui/link';
import { PageHeader } from '@/components/ui/page-header';
import { pageActor } from '@/lib/auth';
import { specKeys } from '@/lib/queries/specs';
import { countRegistries } from '@/lib/services/registry-views';
import { listSpecs } from '@/lib/services/spec-views';

export const metadata: Metadata = { title: 'Specs' };

const Search = z.object({
  before: z.uuid().optional().catch(undefined),
  archived: z.literal('1').optional().catch(undefined),
});

export default async function SpecsPage({ searchParams }: PageProps<'/specs'>) {
  const actor = await pageActor();
  const { before, archived } = Search.parse(await searchParams);
  const filter = {
    ...(before ? { before } : {}),
    ...(archived ? { archived } : {}),
  };
  const [specs, registries] = await Promise.all([
    listSpecs(actor, { before, isArchived: archived === '1' }),
    countRegistries(actor),
  ]);
  const isEmpty = specs.items.length === 0 && !before;
  return (
    <>
      <PageHeader
        title={archived ? 'Archived specs' : 'Specs'}
        {...(archived ? { crumbs: [{ label: 'Specs', href: '/specs' }] } : {})}
        actions={
          !archived &&
          !isEmpty && (
            <>
              <ButtonLink href="/tasks/import" icon={<FileUp aria-hidden />}>
                Read from Python
              </ButtonLink>
              <ButtonLink
                href="/specs/new"
                variant="primary"
                icon={<Plus aria-hidden />}
              >
                New spec
              </ButtonLink>
            </>
          )
        }
      />
      <Hydrate seeds={[[specKeys.list(filter), specs]]}>
        <SpecTable filter={filter} hasRegistry={registries > 0} />
      </Hydrate>
      {!archived && (
        <p className="mt-4 flex flex-wrap gap-x-4 gap-y-1 text-xs">
          <TextLink href="/specs?archived=1">Archived specs</TextLink>
          <TextLink href="/specs/defaults">Defaults</TextLink>
          <TextLink href="/specs/find">Which revision is this tag?</TextLink>
        </p>
      )}
    </>
  );
}
