import { parseParams, route } from '@/lib/api';
import { SpecId } from '@/lib/imagespec/inputs';
import { tasksOfSpec } from '@/lib/services/task-views';

export const GET = route<RouteContext<'/api/specs/[specId]/tasks'>>(
  async (actor, _request, { params }) => {
    const { specId } = await parseParams(SpecId, params);
    return tasksOfSpec(actor, specId);
  },
);
