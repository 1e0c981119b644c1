import { LoginRequest } from '@/lib/build/protocol';
import { attemptKey, machineRoute, parseBody } from '@/lib/worker-api';
import { makeLogin } from '@/lib/services/build-logins';
import { requirePrivateChannel } from '@/lib/services/worker-auth';

export const POST = machineRoute<
  RouteContext<'/api/worker/builds/[buildId]/[attempt]/credentials'>
>(async (worker, request, { params }) => {
  requirePrivateChannel(request);
  const login = await makeLogin(
    worker,
    attemptKey(await params),
    await parseBody(LoginRequest, request),
  );
  return Response.json(login, { headers: { 'cache-control': 'no-store' } });
});
