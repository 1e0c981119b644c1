import { attemptKey, machineRoute } from '@/lib/worker-api';
import { readAttemptArchive } from '@/lib/services/build-work';

export const POST = machineRoute<
  RouteContext<'/api/worker/builds/[buildId]/[attempt]/archive'>
>(async (worker, _request, { params }) => {
  const bytes = await readAttemptArchive(worker, attemptKey(await params));
  return new Response(new Uint8Array(bytes), {
    headers: { 'content-type': 'application/gzip' },
  });
});
