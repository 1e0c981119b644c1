import { z } from 'zod';
import { parseQuery, route } from '@/lib/api';
import { listRepositories } from '@/lib/services/repository-views';

const Query = z.object({
  q: z.string().max(300).optional(),
  registry: z.uuid().optional(),
  after: z.string().max(600).optional(),
});

export const GET = route((actor, request) =>
  listRepositories(actor, parseQuery(Query, request)),
);
