import { parseParams, route } from '@/lib/api';
import { ProjectId } from '@/lib/imagespec/projects';
import { getProject } from '@/lib/services/project-views';

export const GET = route<RouteContext<'/api/projects/[projectId]'>>(
  async (actor, _request, { params }) => {
    const { projectId } = await parseParams(ProjectId, params);
    return getProject(actor, projectId);
  },
);
