import { randomUUID } from 'node:crypto';
import { READY } from '@/db/testing/rows';
import type { ClaimRequest, EngineReport, Job } from '@/lib/build/protocol';
import { claimJob } from '@/lib/services/build-claim';
import type { WorkerActor } from '@/lib/services/worker-auth';

/** A claim nobody made before. */
export const newClaim = (engine: EngineReport = READY): ClaimRequest => ({
  key: randomUUID(),
  version: '0.1.0',
  engine,
});

/** The job a claim is answered with. */
export async function claimedJob(
  worker: WorkerActor,
  request: ClaimRequest,
  signal: AbortSignal,
): Promise<Job | null> {
  return (await claimJob(worker, request, signal)).job;
}

/** What a worker is given when it asks now, without waiting. */
export function claimNow(worker: WorkerActor): Promise<Job | null> {
  return claimedJob(worker, newClaim(), AbortSignal.abort());
}
