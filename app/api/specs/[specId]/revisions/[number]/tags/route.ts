import { parseParams, route } from '@/lib/api';
import { RevisionNumber } from '@/lib/imagespec/releases/revision-tags';
import { lookUpTags } from '@/lib/services/tag-existence';

export const GET = route<
  RouteContext<'/api/specs/[specId]/revisions/[number]/tags'>
>(async (actor, _request, { params }) =>
  lookUpTags(actor, await parseParams(RevisionNumber, params)),
);
