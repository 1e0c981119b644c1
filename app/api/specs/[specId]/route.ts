import { parseParams, route } from '@/lib/api';
import { SpecId } from '@/lib/imagespec/inputs';
import { getSpec } from '@/lib/services/spec-views';

export const GET = route<RouteContext<'/api/specs/[specId]'>>(
  async (actor, _request, { params }) => {
    const { specId } = await parseParams(SpecId, params);
    return getSpec(actor, specId);
  },
);
