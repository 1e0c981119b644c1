import { randomUUID } from 'node:crypto';
import type { ClaimRequest, EngineReport, Job } from '@/lib/build/protocol';
import { claimJob } from '@/lib/services/build-claim';
import type { WorkerActor } from '@/lib/services/worker-auth';

const ENGINE: EngineReport = {
  state: 'ready',
  kind: 'docker',
  version: '28.0.0',
  apiVersion: '1.45',
  platforms: ['linux/amd64'],
  addsCaCertificates: false,
};

/** A claim nobody made before. */
export const newClaim = (engine: EngineReport = ENGINE): ClaimRequest => ({
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
