import { attemptKey, machineRoute } from '@/lib/worker-api';
import { heartbeat } from '@/lib/services/build-work';

export const dynamic = 'force-dynamic';

export const POST = machineRoute<
  RouteContext<'/api/worker/builds/[buildId]/[attempt]/heartbeat'>
>(async (worker, request, { params }) =>
  Response.json(
    await heartbeat(worker, attemptKey(await params), request.signal),
  ),
);
