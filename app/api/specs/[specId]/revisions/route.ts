import { z } from 'zod';
import { parseParams, parseQuery, route } from '@/lib/api';
import { SpecId } from '@/lib/imagespec/inputs';
import { listRevisions } from '@/lib/services/revision-views';

const Query = z.object({
  before: z.coerce.number().int().positive().optional(),
});

export const GET = route<RouteContext<'/api/specs/[specId]/revisions'>>(
  async (actor, request, { params }) => {
    const { specId } = await parseParams(SpecId, params);
    return listRevisions(actor, { specId, ...parseQuery(Query, request) });
  },
);
