import { route } from '@/lib/api';
import { getImage } from '@/lib/services/image-views';

export const GET = route<RouteContext<'/api/images/[repositoryId]/[digest]'>>(
  async (actor, _request, { params }) => {
    const { repositoryId, digest } = await params;
    return getImage(actor, {
      repositoryId,
      digest: decodeURIComponent(digest),
    });
  },
);
