import { machineRoute, parseBody } from '@/lib/worker-api';
import { ClaimRequest } from '@/lib/build/protocol';
import { claimJob } from '@/lib/services/build-claim';
import { requirePrivateChannel } from '@/lib/services/worker-auth';

export const dynamic = 'force-dynamic';

export const POST = machineRoute(async (worker, request) => {
  requirePrivateChannel(request);
  const job = await claimJob(
    worker,
    await parseBody(ClaimRequest, request),
    request.signal,
  );
  return job
    ? Response.json(job, { headers: { 'cache-control': 'no-store' } })
    : new Response(null, { status: 204 });
});
