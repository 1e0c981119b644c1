import { route } from '@/lib/api';
import { readImageCursor, readImageFilter } from '@/lib/registry/image-filter';
import { listImages } from '@/lib/services/image-list';

export const GET = route((actor, request) => {
  const search = Object.fromEntries(new URL(request.url).searchParams);
  return listImages(actor, readImageFilter(search), readImageCursor(search));
});
