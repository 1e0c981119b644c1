import { route } from '@/lib/api';
import { getBuildPackages } from '@/lib/services/build-packages';

export const GET = route<RouteContext<'/api/builds/[buildId]/packages'>>(
  async (actor, _request, { params }) =>
    getBuildPackages(actor, (await params).buildId),
);
