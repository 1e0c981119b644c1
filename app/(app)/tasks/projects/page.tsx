import type { Metadata } from 'next';
import { z } from 'zod';
import { Hydrate } from '@/components/hydrate';
import { ProjectList } from '@/components/projects/project-list';
import { pageActor } from '@/lib/auth';
import { projectKeys } from '@/lib/queries/projects';
import { listProjects } from '@/lib/services/project-views';

export const metadata: Metadata = { title: 'Projects' };

const Search = z.object({
  after: z.string().max(63).optional().catch(undefined),
});

export default async function ProjectsPage({
  searchParams,
}: PageProps<'/tasks/projects'>) {
  const actor = await pageActor();
  const { after } = Search.parse(await searchParams);
  const projects = await listProjects(actor, { after });
  return (
    <Hydrate seeds={[[projectKeys.list(after), projects]]}>
      <ProjectList after={after} />
    </Hydrate>
  );
}
