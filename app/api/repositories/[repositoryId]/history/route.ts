import { z } from 'zod';
import { parseQuery, route } from '@/lib/api';
import { getTagHistory } from '@/lib/services/repository-views';

const Query = z.object({ tag: z.string().max(128) });

export const GET = route<
  RouteContext<'/api/repositories/[repositoryId]/history'>
>(async (actor, request, { params }) =>
  getTagHistory(
    actor,
    (await params).repositoryId,
    parseQuery(Query, request).tag,
  ),
);
