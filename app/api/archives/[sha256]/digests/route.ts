import { parseParams, parseQuery, route } from '@/lib/api';
import { ArchiveId, CopiedParts } from '@/lib/imagespec/archive';
import { treeDigests } from '@/lib/services/archive-digests';

export const GET = route<RouteContext<'/api/archives/[sha256]/digests'>>(
  async (actor, request, { params }) =>
    treeDigests(actor, {
      ...(await parseParams(ArchiveId, params)),
      ...parseQuery(CopiedParts, request),
    }),
);
