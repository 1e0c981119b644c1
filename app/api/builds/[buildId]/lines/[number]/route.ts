import { z } from 'zod';
import { parseQuery, route } from '@/lib/api';
import { AppError } from '@/lib/errors';
import { locateLine } from '@/lib/services/build-lines';

const Query = z.object({
  attempt: z.coerce.number().int().positive().optional(),
});
const LineNumber = z.coerce.number().int().positive();

export const GET = route<RouteContext<'/api/builds/[buildId]/lines/[number]'>>(
  async (actor, request, { params }) => {
    const { buildId, number } = await params;
    const n = LineNumber.safeParse(number);
    if (!n.success)
      throw new AppError('NOT_FOUND', 'The log has no such line.');
    const { attempt } = parseQuery(Query, request);
    return locateLine(actor, buildId, { attempt, n: n.data });
  },
);
