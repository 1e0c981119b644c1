import { ArrowLeftRight } from 'lucide-react';
import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { z } from 'zod';
import { BuildComparison } from '@/components/builds/build-comparison';
import { ButtonLink } from '@/components/ui/button';
import { PageHeader } from '@/components/ui/page-header';
import { pageActor } from '@/lib/auth';
import { compareHref } from '@/lib/build/list-filter';
import { orNotFound } from '@/lib/page';
import { compareBuilds } from '@/lib/services/build-comparison';

export const metadata: Metadata = { title: 'Compare two builds' };

const Search = z.object({
  a: z.uuid(),
  b: z.uuid(),
  // What is not a platform of both builds is left out.
  platform: z.string().optional().catch(undefined),
});

export default async function CompareBuildsPage({
  searchParams,
}: PageProps<'/builds/compare'>) {
  const asked = Search.safeParse(await searchParams);
  if (!asked.success) notFound();
  const { a, b, platform } = asked.data;
  const comparison = await orNotFound(
    compareBuilds(await pageActor(), { before: a, after: b, platform }),
  );
  const { before, after, platforms, runs } = comparison;
  const chosen = platforms.both.length > 1 ? runs?.before.platform : undefined;
  return (
    <>
      <PageHeader
        crumbs={[{ label: 'Builds', href: '/builds' }]}
        title={`From build #${before.build.number} to #${after.build.number}`}
        actions={
          <ButtonLink
            href={compareHref(b, a, chosen)}
            icon={<ArrowLeftRight aria-hidden />}
          >
            Swap
          </ButtonLink>
        }
      />
      <BuildComparison key={`${a} ${b}`} comparison={comparison} />
    </>
  );
}
