import { route } from '@/lib/api';
import { getBuild } from '@/lib/services/build-views';

export const GET = route<RouteContext<'/api/builds/[buildId]'>>(
  async (actor, _request, { params }) =>
    getBuild(actor, (await params).buildId),
);
