import { parseParams, route } from '@/lib/api';
import { ArchiveId } from '@/lib/imagespec/archive';
import { getArchive } from '@/lib/services/archives';

export const GET = route<RouteContext<'/api/archives/[sha256]'>>(
  async (actor, _request, { params }) =>
    getArchive(actor, await parseParams(ArchiveId, params)),
);
