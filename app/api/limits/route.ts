import { z } from 'zod';
import { parseQuery, route } from '@/lib/api';
import { listLimits } from '@/lib/services/registry-limits';

const Query = z.object({ host: z.string().min(1).max(260) });

export const GET = route((actor, request) =>
  listLimits(actor, parseQuery(Query, request).host),
);
