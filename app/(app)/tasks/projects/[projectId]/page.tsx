import type { Metadata } from 'next';
import { Hydrate } from '@/components/hydrate';
import { ProjectPanel } from '@/components/projects/project-panel';
import { pageActor } from '@/lib/auth';
import { orNotFound, pageId } from '@/lib/page';
import { projectKeys } from '@/lib/queries/projects';
import { getProject } from '@/lib/services/project-views';

export const metadata: Metadata = { title: 'Project' };

export default async function ProjectPage({
  params,
}: PageProps<'/tasks/projects/[projectId]'>) {
  const projectId = pageId((await params).projectId);
  const actor = await pageActor();
  const project = await orNotFound(getProject(actor, projectId));
  return (
    <Hydrate seeds={[[projectKeys.detail(projectId), project]]}>
      <ProjectPanel projectId={projectId} isOwner={actor.role === 'owner'} />
    </Hydrate>
  );
}
