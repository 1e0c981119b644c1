import { z } from 'zod';
import { parseQuery, route } from '@/lib/api';
import { listSpecs } from '@/lib/services/spec-views';

const Query = z.object({
  before: z.uuid().optional(),
  archived: z.literal('1').optional(),
});

export const GET = route((actor, request) => {
  const { before, archived } = parseQuery(Query, request);
  return listSpecs(actor, { before, isArchived: archived === '1' });
});
