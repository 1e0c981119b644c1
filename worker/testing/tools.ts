import type { ClaimTools } from '@/worker/claim-loop';
import { fakeEngine } from '@/worker/engine-fake';
import { renderJob } from '@/worker/render';
import { serverApi } from '@/worker/server-api';
import type { FakeServer } from '@/worker/testing/fake-server';

/** A worker's tools against a fake server and the fake engine, with short waits. */
export function testTools(
  server: FakeServer,
  dir: string,
  changes: Partial<ClaimTools> = {},
): ClaimTools & { said: string[]; errors: unknown[] } {
  const said: string[] = [];
  const errors: unknown[] = [];
  return {
    engine: fakeEngine(),
    server: serverApi(server.origin, server.secret),
    dir,
    version: '0.0.0',
    probeMs: 50,
    backoff: {
      firstMs: 5,
      maxMs: 50,
      random: () => 0.5,
      onAway: (reason) => said.push(`away: ${reason}`),
      onBack: () => said.push('back'),
    },
    render: (job, project) => renderJob(job, project, null),
    readBack: () => Promise.resolve('confirmed'),
    packages: { images: new Map(), folders: new Map() },
    now: Date.now,
    onError: (error) => errors.push(error),
    say: (line) => said.push(line),
    said,
    errors,
    ...changes,
  };
}
