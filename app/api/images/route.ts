import { z } from 'zod';
import { parseQuery, route } from '@/lib/api';
import { listImages } from '@/lib/services/image-views';

const Query = z.object({
  seenAt: z.iso.datetime().optional(),
  digest: z.string().max(200).optional(),
});

export const GET = route((actor, request) => {
  const { seenAt, digest } = parseQuery(Query, request);
  return listImages(actor, seenAt && digest ? { seenAt, digest } : undefined);
});
