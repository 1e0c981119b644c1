import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import tar from 'tar-stream';
import type { Job } from '@/lib/build/protocol';
import type { ProjectFile, ProjectTree } from '@/lib/imagespec/tree';
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
  return unpack(gunzipSync(bytes));
}

/** Reads a tar that the server has packed itself: plain files only. */
async function unpack(bytes: Buffer): Promise<ProjectTree> {
  const files = new Map<string, ProjectFile>();
  const extract = tar.extract();
  extract.end(bytes);
  for await (const entry of extract) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    const { name, mode = 0o644 } = entry.header;
    files.set(name, {
      bytes: Buffer.concat(chunks),
      isExecutable: (mode & 0o100) !== 0,
    });
  }
  return files;
}
