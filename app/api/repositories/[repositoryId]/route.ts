import { route } from '@/lib/api';
import { getRepository } from '@/lib/services/repository-views';

export const GET = route<RouteContext<'/api/repositories/[repositoryId]'>>(
  async (actor, _request, { params }) =>
    getRepository(actor, (await params).repositoryId),
);
