import { createHash } from 'node:crypto';
import { unpackProject } from '@/lib/build/project-archive';
import type { Job } from '@/lib/build/protocol';
import type { ProjectTree } from '@/lib/imagespec/tree';
import { type Backoff, untilServed } from '@/worker/backoff';
import { type ServerApi, ServerAway } from '@/worker/server-api';

/** The project that a job copies from, `null` when it copies nothing. Kept in memory, for one attempt. */
export async function fetchProject(
  job: Job,
  server: ServerApi,
  backoff: Backoff,
  signal: AbortSignal,
): Promise<ProjectTree | null> {
  if (job.archive === null) return null;
  const bytes = await untilServed(backoff, signal, async () => {
    const answer = await server.archive(job, signal);
    const sha256 = createHash('sha256').update(answer).digest('hex');
    if (sha256 !== job.archive) throw new ServerAway('its archive is cut off');
    return answer;
  });
  return unpackProject(bytes);
}
