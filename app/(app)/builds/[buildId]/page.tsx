import type { Metadata } from 'next';
import { cache } from 'react';
import { BuildPanel } from '@/components/builds/build-panel';
import { buildTitle } from '@/components/builds/labels';
import { Hydrate } from '@/components/hydrate';
import { pageActor } from '@/lib/auth';
import { readById } from '@/lib/page';
import { buildKeys } from '@/lib/queries/builds';
import { getBuild } from '@/lib/services/build-views';

const readBuild = cache((id: string) => readById(getBuild, id));

export async function generateMetadata({
  params,
}: PageProps<'/builds/[buildId]'>): Promise<Metadata> {
  const { buildId } = await params;
  return { title: buildTitle(await readBuild(buildId)) };
}

export default async function BuildPage({
  params,
}: PageProps<'/builds/[buildId]'>) {
  const { buildId } = await params;
  const build = await readBuild(buildId);
  const { userId } = await pageActor();
  return (
    <Hydrate seeds={[[buildKeys.detail(buildId), build]]}>
      <BuildPanel key={buildId} buildId={buildId} userId={userId} />
    </Hydrate>
  );
}
