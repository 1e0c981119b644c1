import { Pencil } from 'lucide-react';
import type { Metadata } from 'next';
import { cache } from 'react';
import { notFound } from 'next/navigation';
import { z } from 'zod';
import { Hydrate } from '@/components/hydrate';
import { RevisionBody } from '@/components/specs/spec-definition';
import { RestoreRevisionButton } from '@/components/specs/restore-revision-button';
import { RevisionCompare } from '@/components/specs/revision-compare';
import { ButtonLink } from '@/components/ui/button';
import { Chip } from '@/components/ui/chip';
import { PageHeader } from '@/components/ui/page-header';
import { Time } from '@/components/ui/time';
import { pageActor } from '@/lib/auth';
import { orNotFound, readById } from '@/lib/page';
import { specKeys } from '@/lib/queries/specs';
import { getRevision } from '@/lib/services/revision-views';
import { getHelperImages } from '@/lib/services/settings';
import { getSpec } from '@/lib/services/spec-views';

const readSpec = cache((id: string) => readById(getSpec, id));

export async function generateMetadata({
  params,
}: PageProps<'/specs/[specId]/revisions/[number]'>): Promise<Metadata> {
  const { specId, number } = await params;
  const { name } = await readSpec(specId);
  return { title: `Revision ${number} of ${name}` };
}

const RevisionNumber = z.coerce
  .number()
  .int()
  .positive()
  .max(2 ** 31 - 1);

export default async function RevisionPage({
  params,
  searchParams,
}: PageProps<'/specs/[specId]/revisions/[number]'>) {
  const { specId, number: text } = await params;
  const number = RevisionNumber.safeParse(text);
  if (!number.success) notFound();
  const actor = await pageActor();
  const spec = await readSpec(specId);
  const revision = await orNotFound(
    getRevision(actor, { specId, number: number.data }),
  );
  const newest = spec.revision.number;
  const isCurrent = revision.number === newest;
  const asked = RevisionNumber.safeParse((await searchParams).with);
  const otherNumber = asked.data ?? (isCurrent ? newest - 1 : newest);
  const other =
    otherNumber > 0 && otherNumber !== revision.number
      ? await orNotFound(getRevision(actor, { specId, number: otherNumber }))
      : null;
  return (
    <Hydrate seeds={[[specKeys.helperImages, await getHelperImages(actor)]]}>
      <PageHeader
        crumbs={[
          { label: 'Specs', href: '/specs' },
          { label: spec.name, href: `/specs/${specId}` },
          { label: 'Revisions', href: `/specs/${specId}/revisions` },
        ]}
        title={`Revision ${revision.number}`}
        status={isCurrent && <Chip tone="accent">current</Chip>}
        actions={
          !spec.archivedAt && (
            <>
              <ButtonLink
                href={`/specs/${specId}/edit${isCurrent ? '' : `?from=${revision.number}`}`}
                icon={<Pencil aria-hidden />}
              >
                {isCurrent ? 'Edit' : 'Edit from this'}
              </ButtonLink>
              {!isCurrent && (
                <RestoreRevisionButton
                  specId={specId}
                  number={revision.number}
                  newest={newest}
                />
              )}
            </>
          )
        }
      >
        <Time at={revision.createdAt} />
        {revision.author && <span>by {revision.author}</span>}
        {revision.message !== '' && <span>· {revision.message}</span>}
      </PageHeader>
      <div className="grid gap-4">
        {other && (
          <RevisionCompare revision={revision} other={other} newest={newest} />
        )}
        <RevisionBody revision={revision} />
      </div>
    </Hydrate>
  );
}
