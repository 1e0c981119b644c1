import { route } from '@/lib/api';
import { getCopy } from '@/lib/services/image-copies';

export const GET = route<RouteContext<'/api/copies/[copyId]'>>(
  async (actor, _request, { params }) => getCopy(actor, (await params).copyId),
);
