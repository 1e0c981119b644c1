import { beforeEach, expect, it, vi } from 'vitest';
import { makeActor, makeRegistry, makeWorker } from '@/db/testing/rows';
import type { Actor } from '@/lib/auth';
import type { Job } from '@/lib/build/protocol';
import { emptyDefinition } from '@/lib/imagespec/definition';
import { parseImageSpec } from '@/lib/imagespec/schema';
import { forgetSecrets } from '@/lib/services/attempt-redactors';
import { appendEvents } from '@/lib/services/build-events';
import { listLines } from '@/lib/services/build-lines';
import { storeSecret } from '@/lib/services/build-secrets';
import { getBuild } from '@/lib/services/build-views';
import { finishAttempt } from '@/lib/services/build-work';
import * as jobSecrets from '@/lib/services/job-secrets';
import { createSpec } from '@/lib/services/specs';
import { claimNow } from '@/lib/services/testing/claims';
import { startBuild } from '@/lib/services/testing/starts';
import type { WorkerActor } from '@/lib/services/worker-auth';

const CANARY = 'canary-4f1d9c27b6';
const step = {
  kind: 'step',
  at: 1,
  key: 's',
  position: 0,
  parents: [],
  stage: '',
  name: 'RUN pip install',
  state: 'running',
  cached: false,
  startedAt: null,
  completedAt: null,
  error: null,
  exitCode: null,
};
const line = (text: string) => ({
  kind: 'line',
  at: 1,
  step: 's',
  stream: 'stdout',
  text,
});

let actor: Actor;
let worker: WorkerActor;
let job: Job;

beforeEach(async () => {
  actor = await makeActor();
  worker = await makeWorker(actor);
  await storeSecret(actor, {
    name: '.netrc',
    content: `machine pypi.test login me password ${CANARY}\n`,
  });
  const { id } = await createSpec(actor, {
    ...emptyDefinition,
    fields: parseImageSpec({
      name: 'private',
      pip_secret_mounts: [['.netrc', '/root/.netrc']],
    }),
    registryId: (await makeRegistry(actor)).id,
    message: '',
  });
  await startBuild(actor, { specId: id, noCache: false });
  const claimed = await claimNow(worker);
  if (!claimed) throw new Error('Nothing was claimed.');
  job = claimed;
});

const send = (from: number, ...events: object[]) =>
  appendEvents(
    worker,
    job,
    from,
    events.map((event) => JSON.stringify(event)).join('\n'),
  );
const shown = async () =>
  (
    await listLines(actor, job.buildId, { attempt: 1, from: 1, limit: 100 })
  ).lines.map(({ text }) => text);

it.each([
  ['in the process that gave it out', () => undefined],
  ['after a restart', () => forgetSecrets(job)],
])(
  'stores no secret that a worker let through, and says so, %s',
  async (_when, restart) => {
    await send(1, step, line('quiet'));
    expect((await getBuild(actor, job.buildId)).steps[0]?.clipped).toBeNull();
    restart();
    await send(3, line(`using ${CANARY}`));
    expect(await shown()).toEqual(['quiet', 'using ***']);
    const { steps, attempts } = await getBuild(actor, job.buildId);
    expect(steps[0]?.clipped).toMatch(/hidden here/);
    expect(attempts[0]?.lines).toBe(2);
  },
);

it('keeps it out of the reason of a failure', async () => {
  await finishAttempt(worker, job, {
    lastSeq: 0,
    checksum: '0'.repeat(64),
    result: {
      outcome: 'failed',
      failure: {
        code: 'BUILD_COMMAND_FAILED',
        message: `It said ${CANARY}.`,
        step: null,
        exitCode: 1,
      },
    },
  });
  expect((await getBuild(actor, job.buildId)).failure?.message).toBe(
    'It said ***.',
  );
});

it('opens nothing again for what comes after the end', async () => {
  await finishAttempt(worker, job, {
    lastSeq: 0,
    checksum: '0'.repeat(64),
    result: { outcome: 'cancelled' },
  });
  const opened = vi.spyOn(jobSecrets, 'readJobSecrets');
  await expect(send(1, step)).rejects.toMatchObject({ code: 'ATTEMPT_STALE' });
  expect(opened).not.toHaveBeenCalled();
  opened.mockRestore();
});
