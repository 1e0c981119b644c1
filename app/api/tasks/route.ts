import { z } from 'zod';
import { parseQuery, route } from '@/lib/api';
import { listTasks } from '@/lib/services/task-views';

const Query = z.object({ after: z.string().max(1000).optional() });

export const GET = route((actor, request) =>
  listTasks(actor, parseQuery(Query, request)),
);
