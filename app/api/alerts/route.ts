import { z } from 'zod';
import { parseQuery, route } from '@/lib/api';
import { AlertFilter } from '@/lib/registry/alerts';
import { listAlerts } from '@/lib/services/alerts';

const Query = AlertFilter.extend({ isResolved: z.stringbool().default(false) });

export const GET = route((actor, request) =>
  listAlerts(actor, parseQuery(Query, request)),
);
