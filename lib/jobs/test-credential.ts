import 'server-only';
import { z } from 'zod';
import type { JobHandler, JobResult } from '@/lib/jobs/loop';
import { log } from '@/lib/log';
import { testDueCredential } from '@/lib/services/credential-tests';

const Payload = z.object({ credentialId: z.uuid() });
const BROKEN_MS = 60 * 60 * 1000;

/** Tests a credential, and again every few hours until it is gone. A test that breaks does not end the tests. */
export const testCredentialJob: JobHandler = async (
  job,
): Promise<JobResult> => {
  const { credentialId } = Payload.parse(job.payload);
  try {
    const retryMs = await testDueCredential(credentialId);
    return retryMs === null
      ? { done: true }
      : { done: false, retryMs, reason: 'Tested; again in a few hours.' };
  } catch (error) {
    log.error({ err: error, job: job.id }, 'a credential could not be tested');
    const reason = 'It failed unexpectedly; see the server log.';
    return { done: false, retryMs: BROKEN_MS, reason };
  }
};
