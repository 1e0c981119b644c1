import { Enrol } from '@/lib/build/enrol-protocol';
import { requirePrivateChannel } from '@/lib/services/worker-auth';
import { enrolWorker } from '@/lib/services/worker-enrolment';
import { openMachineRoute, parseBody } from '@/lib/worker-api';

export const dynamic = 'force-dynamic';

export const POST = openMachineRoute(async (request) => {
  requirePrivateChannel(request);
  return Response.json(await enrolWorker(await parseBody(Enrol, request)), {
    headers: { 'cache-control': 'no-store' },
  });
});
