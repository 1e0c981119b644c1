import { parseQuery, route } from '@/lib/api';
import { AccessCell } from '@/lib/registry/forms';
import { getAccess } from '@/lib/services/access';

export const GET = route<
  RouteContext<'/api/images/[repositoryId]/[digest]/access'>
>(async (actor, request, { params }) => {
  const { repositoryId, digest } = await params;
  return getAccess(actor, {
    repositoryId,
    digest: decodeURIComponent(digest),
    ...parseQuery(AccessCell, request),
  });
});
