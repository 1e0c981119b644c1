import { z } from 'zod';
import { parseQuery, route } from '@/lib/api';
import { searchLines } from '@/lib/services/build-lines';

const Query = z.object({
  attempt: z.coerce.number().int().positive().optional(),
  words: z.string().min(1).max(200),
  skip: z.coerce.number().int().nonnegative().default(0),
  limit: z.coerce.number().int().min(1).max(1000).default(500),
});

export const GET = route<RouteContext<'/api/builds/[buildId]/search'>>(
  async (actor, request, { params }) =>
    searchLines(
      actor,
      (await params).buildId,
      parseQuery(Query, request),
      request.signal,
    ),
);
