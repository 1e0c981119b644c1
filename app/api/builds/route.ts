import { z } from 'zod';
import { parseQuery, route } from '@/lib/api';
import { listBuilds } from '@/lib/services/builds';

const Query = z.object({
  before: z.uuid().optional(),
  specId: z.uuid().optional(),
  batchId: z.uuid().optional(),
});

export const GET = route((actor, request) =>
  listBuilds(actor, parseQuery(Query, request)),
);
