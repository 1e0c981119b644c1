import { z } from 'zod';
import { parseQuery, route } from '@/lib/api';
import { listProjects } from '@/lib/services/project-views';

const Query = z.object({ after: z.string().max(63).optional() });

export const GET = route((actor, request) =>
  listProjects(actor, parseQuery(Query, request)),
);
