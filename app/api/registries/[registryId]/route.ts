import { route } from '@/lib/api';
import { getRegistry } from '@/lib/services/registry-views';

export const GET = route<RouteContext<'/api/registries/[registryId]'>>(
  async (actor, _request, { params }) =>
    getRegistry(actor, (await params).registryId),
);
