import { z } from 'zod';
import { parseQuery, readBytes } from '@/lib/api';
import { attemptKey, machineRoute } from '@/lib/worker-api';
import { appendEvents } from '@/lib/services/build-events';

const Query = z.object({ from: z.coerce.number().int().positive() });
const MAX_BYTES = 4 * 1024 * 1024;

export const POST = machineRoute<
  RouteContext<'/api/worker/builds/[buildId]/[attempt]/events'>
>(async (worker, request, { params }) => {
  const { from } = parseQuery(Query, request);
  const body = await readBytes(request, MAX_BYTES);
  const { nextSeq, isGap } = await appendEvents(
    worker,
    attemptKey(await params),
    from,
    body.toString('utf8'),
  );
  return Response.json({ nextSeq }, { status: isGap ? 409 : 200 });
});
