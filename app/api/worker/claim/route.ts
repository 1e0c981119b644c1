import { type ClaimAnswer, ClaimRequest } from '@/lib/build/protocol';
import { claimJob } from '@/lib/services/build-claim';
import { requirePrivateChannel } from '@/lib/services/worker-auth';
import { machineRoute, parseBody } from '@/lib/worker-api';

export const dynamic = 'force-dynamic';

export const POST = machineRoute(async (worker, request) => {
  requirePrivateChannel(request);
  const job = await claimJob(
    worker,
    await parseBody(ClaimRequest, request),
    request.signal,
  );
  return Response.json({ job } satisfies ClaimAnswer, {
    headers: { 'cache-control': 'no-store' },
  });
});
