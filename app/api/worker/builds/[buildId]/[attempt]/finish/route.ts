import { Finish } from '@/lib/build/protocol';
import { attemptKey, machineRoute, parseBody } from '@/lib/worker-api';
import { finishAttempt } from '@/lib/services/build-work';

export const POST = machineRoute<
  RouteContext<'/api/worker/builds/[buildId]/[attempt]/finish'>
>(async (worker, request, { params }) => {
  const answer = await finishAttempt(
    worker,
    attemptKey(await params),
    await parseBody(Finish, request),
  );
  return answer.isAccepted
    ? Response.json({ ok: true })
    : Response.json({ nextSeq: answer.nextSeq }, { status: 409 });
});
