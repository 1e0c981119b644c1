import type { Metadata } from 'next';
import { cache } from 'react';
import { Hydrate } from '@/components/hydrate';
import { SpecChecks } from '@/components/specs/spec-checks';
import { SpecFrame } from '@/components/specs/spec-frame';
import { pageActor } from '@/lib/auth';
import { readById } from '@/lib/page';
import { specKeys } from '@/lib/queries/specs';
import { getDefaults } from '@/lib/services/settings';
import { listBases } from '@/lib/services/spec-bases';
import { getSpec } from '@/lib/services/spec-views';

const readSpec = cache((id: string) => readById(getSpec, id));

export async function generateMetadata({
  params,
}: PageProps<'/specs/[specId]/checks'>): Promise<Metadata> {
  const { specId } = await params;
  const { name } = await readSpec(specId);
  return { title: `Lint and tags of ${name}` };
}

export default async function SpecChecksPage({
  params,
}: PageProps<'/specs/[specId]/checks'>) {
  const { specId } = await params;
  const actor = await pageActor();
  const spec = await readSpec(specId);
  return (
    <Hydrate
      seeds={[
        [specKeys.detail(specId), spec],
        [specKeys.defaults, await getDefaults(actor)],
        [specKeys.bases, await listBases(actor)],
      ]}
    >
      <SpecFrame specId={specId} tab="/checks">
        <SpecChecks specId={specId} />
      </SpecFrame>
    </Hydrate>
  );
}
