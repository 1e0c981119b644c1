import { z } from 'zod';
import { parseQuery, route } from '@/lib/api';
import { listTags } from '@/lib/services/repository-views';

const Query = z.object({
  q: z.string().max(128).optional(),
  after: z.string().max(128).optional(),
});

export const GET = route<RouteContext<'/api/repositories/[repositoryId]/tags'>>(
  async (actor, request, { params }) =>
    listTags(actor, (await params).repositoryId, parseQuery(Query, request)),
);
