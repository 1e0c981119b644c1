import type { Metadata } from 'next';
import { cache } from 'react';
import { Hydrate } from '@/components/hydrate';
import { ProjectPanel } from '@/components/projects/project-panel';
import { pageActor } from '@/lib/auth';
import { readById } from '@/lib/page';
import { projectKeys } from '@/lib/queries/projects';
import { getProject } from '@/lib/services/project-views';

const readProject = cache((id: string) => readById(getProject, id));

export async function generateMetadata({
  params,
}: PageProps<'/tasks/projects/[projectId]'>): Promise<Metadata> {
  const { projectId } = await params;
  const { name } = await readProject(projectId);
  return { title: name };
}

export default async function ProjectPage({
  params,
}: PageProps<'/tasks/projects/[projectId]'>) {
  const { projectId } = await params;
  const project = await readProject(projectId);
  const actor = await pageActor();
  return (
    <Hydrate seeds={[[projectKeys.detail(projectId), project]]}>
      <ProjectPanel projectId={projectId} isOwner={actor.role === 'owner'} />
    </Hydrate>
  );
}
