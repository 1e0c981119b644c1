import { route } from '@/lib/api';
import { getAccessCheck } from '@/lib/services/access-history';

export const GET = route<RouteContext<'/api/access-checks/[checkId]'>>(
  async (actor, _request, { params }) =>
    getAccessCheck(actor, (await params).checkId),
);
