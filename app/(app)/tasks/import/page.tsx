import type { Metadata } from 'next';
import { z } from 'zod';
import { Hydrate } from '@/components/hydrate';
import { ImportPanel } from '@/components/tasks/import-panel';
import { PageHeader } from '@/components/ui/page-header';
import { pageActor } from '@/lib/auth';
import { projectKeys } from '@/lib/queries/projects';
import { registryKeys } from '@/lib/queries/registries';
import { listProjectNames } from '@/lib/services/project-views';
import { listRegistries } from '@/lib/services/registry-views';

export const metadata: Metadata = { title: 'Import Python' };

const Search = z.object({ project: z.uuid().optional().catch(undefined) });

export default async function ImportPage({
  searchParams,
}: PageProps<'/tasks/import'>) {
  const actor = await pageActor();
  const { project } = Search.parse(await searchParams);
  const [registries, projects] = await Promise.all([
    listRegistries(actor),
    listProjectNames(actor),
  ]);
  return (
    <>
      <PageHeader
        crumbs={[{ label: 'Tasks', href: '/tasks' }]}
        title="Import Python"
      />
      <Hydrate
        seeds={[
          [registryKeys.list, registries],
          [projectKeys.names, projects],
        ]}
      >
        <ImportPanel projectId={project} />
      </Hydrate>
    </>
  );
}
