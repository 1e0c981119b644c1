import { z } from 'zod';
import { parseQuery, route } from '@/lib/api';
import { listLines } from '@/lib/services/build-lines';

const Query = z.object({
  attempt: z.coerce.number().int().positive().optional(),
  from: z.coerce.number().int().positive().default(1),
  limit: z.coerce.number().int().min(1).max(5000).default(1000),
  step: z.string().max(200).optional(),
});

export const GET = route<RouteContext<'/api/builds/[buildId]/lines'>>(
  async (actor, request, { params }) =>
    listLines(actor, (await params).buildId, parseQuery(Query, request)),
);
