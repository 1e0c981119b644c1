import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runAttempt } from '@/worker/runner';
import { FakeServer } from '@/worker/testing/fake-server';
import { imageIn } from '@/e2e/support/test-env';
import {
  input,
  jobFor,
  pulled,
  realEngine,
} from '@/worker/testing/real-engine';
import { testTools } from '@/worker/testing/tools';

const { env, engine, base } = realEngine();
const { password: registry } = env.registries;
const never = new AbortController().signal;

let server: FakeServer;
let dir: string;

beforeEach(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'imageyard-worker-'));
  server = new FakeServer();
  await server.listen();
});

afterEach(async () => {
  await server.close();
  rmSync(dir, { recursive: true });
});

const EXPIRED = 'a-password-that-has-expired';

async function run(fresh: string) {
  const claimed = jobFor({ ...registry, password: EXPIRED });
  const { host, username } = registry;
  server.login = () => ({
    credential: { host, username, password: fresh },
    repository: null,
  });
  server.begin(claimed);
  await runAttempt(
    claimed,
    testTools(server, dir, {
      engine,
      render: (job) => input(job, `FROM ${base}\nRUN true\n`),
    }),
    never,
  );
  return claimed;
}

it('pushes with the login made for the push, whatever became of the one of the claim', async () => {
  const job = await run(registry.password);
  const result = server.finish(job)?.result;
  expect(result).toMatchObject({ outcome: 'pushed' });
  const image = await pulled(registry, job.target.repository, '1');
  expect(result).toMatchObject({ digest: image.digest });
  const said = JSON.stringify(server.events(job));
  expect(said).not.toContain(registry.password);
  expect(readdirSync(dir)).toEqual([]);
});

it('is refused by the registry when that has expired, too', async () => {
  const job = await run(EXPIRED);
  expect(server.finish(job)?.result).toMatchObject({
    outcome: 'failed',
    failure: { code: 'BUILD_PUSH_DENIED', step: 'push' },
  });
});

it('pulls a private base with a login made anew while it is built', async () => {
  const job = jobFor({ ...registry, password: EXPIRED });
  const [claimed] = job.credentials;
  if (!claimed) throw new Error('A job without a login.');
  const nearItsEnd = { ...job, credentials: [{ ...claimed, leftMs: 0 }] };
  const { host, username, password } = registry;
  server.login = () => ({
    credential: { host, username, password },
    repository: null,
  });
  server.begin(nearItsEnd);
  const privateBase = imageIn(registry, env.images.base);
  await runAttempt(
    nearItsEnd,
    testTools(server, dir, {
      engine,
      render: (each) => input(each, `FROM ${privateBase}\nRUN true\n`),
    }),
    never,
  );
  expect(server.finish(nearItsEnd)?.result).toMatchObject({
    outcome: 'pushed',
  });
  expect(JSON.stringify(server.events(nearItsEnd))).not.toContain(password);
});
