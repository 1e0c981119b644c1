import { attemptKey, machineRoute } from '@/lib/worker-api';
import { makePushLogin } from '@/lib/services/push-login';
import { requirePrivateChannel } from '@/lib/services/worker-auth';

export const POST = machineRoute<
  RouteContext<'/api/worker/builds/[buildId]/[attempt]/credentials'>
>(async (worker, request, { params }) => {
  requirePrivateChannel(request);
  const login = await makePushLogin(worker, attemptKey(await params));
  return Response.json(login, { headers: { 'cache-control': 'no-store' } });
});
