import type { Metadata } from 'next';
import { FoundRevisions, TagSearch } from '@/components/specs/tag-search';
import { PageHeader } from '@/components/ui/page-header';
import { pageActor } from '@/lib/auth';
import { findTag } from '@/lib/services/tag-search';

export const metadata: Metadata = { title: 'Which revision is this tag?' };

export default async function FindTagPage({
  searchParams,
}: PageProps<'/specs/find'>) {
  const actor = await pageActor();
  const { q } = await searchParams;
  const asked = typeof q === 'string' ? q.slice(0, 1024) : '';
  const found = asked === '' ? null : await findTag(actor, asked);
  return (
    <>
      <PageHeader
        crumbs={[{ label: 'Specs', href: '/specs' }]}
        title="Which revision is this tag?"
      />
      <div className="grid max-w-3xl gap-4">
        <TagSearch asked={asked} />
        {found && <FoundRevisions found={found} />}
      </div>
    </>
  );
}
