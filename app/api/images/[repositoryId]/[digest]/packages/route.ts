import { route } from '@/lib/api';
import { getImagePackages } from '@/lib/services/build-packages';

export const GET = route<
  RouteContext<'/api/images/[repositoryId]/[digest]/packages'>
>(async (actor, _request, { params }) => {
  const { repositoryId, digest } = await params;
  return getImagePackages(actor, {
    repositoryId,
    digest: decodeURIComponent(digest),
  });
});
