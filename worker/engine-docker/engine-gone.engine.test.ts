import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Job } from '@/lib/build/protocol';
import { dockerConnection } from '@/worker/docker-connection';
import { dockerEngine } from '@/worker/engine-docker/engine';
import { runAttempt } from '@/worker/runner';
import { EngineSocket } from '@/worker/testing/engine-socket';
import { FakeServer } from '@/worker/testing/fake-server';
import { FaultyRegistry } from '@/worker/testing/faulty-registry';
import { input, jobFor, realEngine } from '@/worker/testing/real-engine';
import { testTools } from '@/worker/testing/tools';

const { env, base, engine: direct } = realEngine();
const never = new AbortController().signal;

let server: FakeServer;
let socket: EngineSocket;
let registry: FaultyRegistry;
let dir: string;
let jobs: Job[] = [];

beforeEach(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'imageyard-gone-'));
  server = new FakeServer();
  await server.listen();
  socket = new EngineSocket(env.engine.host.replace(/^unix:\/\//, ''));
  await socket.listen(path.join(dir, 'engine.sock'));
  registry = new FaultyRegistry(env.registries.plain.url);
  await registry.listen();
});

afterEach(async () => {
  await socket.kill();
  await registry.close();
  await server.close();
  for (const job of jobs) await direct.discard(job);
  jobs = [];
  rmSync(dir, { recursive: true });
});

function begin(command: string) {
  const { options, address } = dockerConnection({
    DOCKER_HOST: `unix://${path.join(dir, 'engine.sock')}`,
  });
  const engine = dockerEngine({
    connection: options,
    address,
    addsCaCertificates: false,
  });
  const job = jobFor({ ...env.registries.plain, host: registry.host });
  jobs.push(job);
  server.begin(job);
  const tools = testTools(server, dir, {
    engine,
    render: () => input(job, `FROM ${base}\nRUN ${command}\n`),
  });
  return { job, over: runAttempt(job, tools, never) };
}

const until = (isTrue: () => boolean) =>
  expect.poll(isTrue, { timeout: 60_000, interval: 20 }).toBe(true);

it('an engine that dies in the middle of a step ends the build, with all that was printed till then', async () => {
  const { job, over } = begin(
    `for i in $(seq 1 200); do echo "line $i ${randomUUID()}"; sleep 0.05; done`,
  );
  await until(() => server.lines(job).length >= 20);
  await socket.kill();
  await over;
  expect(server.finish(job)?.result).toMatchObject({
    outcome: 'failed',
    failure: { code: expect.stringMatching(/^ENGINE_/) as string },
  });
  const seen = server.lines(job).map((line) => line.split(' ')[1]);
  expect(seen.length).toBeGreaterThanOrEqual(20);
  expect(seen).toEqual(seen.map((_, index) => String(index + 1)));
  expect(server.isIntact(job)).toBe(true);
});

it('an engine that dies in the middle of a push ends the build, and it is not called pushed', async () => {
  registry.fault = (method, place) =>
    method === 'PUT' && place.includes('/manifests/') ? 'hang' : null;
  const { job, over } = begin(`echo ${randomUUID()} > /own`);
  await until(() =>
    registry.asked.some((each) => /^PUT .*manifests/.test(each)),
  );
  await socket.kill();
  await over;
  expect(server.finish(job)?.result).toMatchObject({
    outcome: 'failed',
    failure: { code: expect.stringMatching(/^ENGINE_/) as string },
  });
  expect(server.isIntact(job)).toBe(true);
});
