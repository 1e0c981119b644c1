import { parseQuery, route } from '@/lib/api';
import { BuildFilter } from '@/lib/build/list-filter';
import { recentBuilds } from '@/lib/services/build-list';

export const GET = route((actor, request) =>
  recentBuilds(actor, parseQuery(BuildFilter, request)),
);
