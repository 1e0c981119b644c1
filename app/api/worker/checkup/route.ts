import { Checkup } from '@/lib/build/doctor';
import { storeCheckup } from '@/lib/services/worker-checkup';
import { machineRoute, parseBody } from '@/lib/worker-api';

export const dynamic = 'force-dynamic';

export const POST = machineRoute(async (worker, request) => {
  await storeCheckup(worker, await parseBody(Checkup, request));
  return Response.json({ ok: true });
});
