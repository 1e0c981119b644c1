import { parseQuery, route } from '@/lib/api';
import { BuildPage } from '@/lib/build/list-filter';
import { listBuilds } from '@/lib/services/build-list';

export const GET = route((actor, request) =>
  listBuilds(actor, parseQuery(BuildPage, request)),
);
