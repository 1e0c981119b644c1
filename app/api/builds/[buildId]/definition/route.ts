import { route } from '@/lib/api';
import { getDefinition } from '@/lib/services/build-definition';

export const GET = route<RouteContext<'/api/builds/[buildId]/definition'>>(
  async (actor, _request, { params }) =>
    getDefinition(actor, (await params).buildId),
);
