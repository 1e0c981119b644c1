import { ClaimRequest } from '@/lib/build/protocol';
import { claimJob } from '@/lib/services/build-claim';
import { requirePrivateChannel } from '@/lib/services/worker-auth';
import { machineRoute, parseBody } from '@/lib/worker-api';

export const dynamic = 'force-dynamic';

export const POST = machineRoute(async (worker, request) => {
  requirePrivateChannel(request);
  const answer = await claimJob(
    worker,
    await parseBody(ClaimRequest, request),
    request.signal,
  );
  return Response.json(answer, { headers: { 'cache-control': 'no-store' } });
});
