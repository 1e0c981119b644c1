import { route } from '@/lib/api';
import { getImpact } from '@/lib/services/image-impact';

export const GET = route<
  RouteContext<'/api/images/[repositoryId]/[digest]/impact'>
>(async (actor, _request, { params }) => {
  const { repositoryId, digest } = await params;
  return getImpact(actor, {
    repositoryId,
    digest: decodeURIComponent(digest),
  });
});
