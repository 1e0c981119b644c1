import { z } from 'zod';
import { parseParams, route } from '@/lib/api';
import { getTask } from '@/lib/services/task-views';

const Params = z.object({ taskId: z.uuid() });

export const GET = route<RouteContext<'/api/tasks/[taskId]'>>(
  async (actor, _request, { params }) => {
    const { taskId } = await parseParams(Params, params);
    return getTask(actor, taskId);
  },
);
