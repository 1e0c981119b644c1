import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { BuildEngine } from '@/lib/build/engine';
import type { EngineReport } from '@/lib/build/protocol';
import { fakeEngine } from '@/worker/engine-fake';
import { renderJob } from '@/worker/render';
import { runAttempt } from '@/worker/runner';
import { FakeServer } from '@/worker/testing/fake-server';
import { testJob } from '@/worker/testing/test-job';
import { testTools } from '@/worker/testing/tools';

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

type Ready = Extract<EngineReport, { state: 'ready' }>;

/** The fake engine, that says it is another one; `built` is what it was given. */
function engineThatIs(report: EngineReport) {
  const fake = fakeEngine();
  const built: string[] = [];
  const engine: BuildEngine = {
    ...fake,
    probe: () => Promise.resolve(report),
    build: (input, emit, signal) => {
      built.push(input.dockerfile);
      return fake.build(input, emit, signal);
    },
  };
  return { engine, built };
}

const ready = (kind: Ready['kind'], version: string): Ready => ({
  state: 'ready',
  kind,
  version,
  apiVersion: '1.41',
  platforms: ['linux/amd64'],
  addsCaCertificates: false,
});

function run(engine: BuildEngine, job: ReturnType<typeof testJob>) {
  server.begin(job);
  const tools = testTools(server, dir, {
    engine,
    render: (each, project) => renderJob(each, project, null),
  });
  return runAttempt(job, tools, new AbortController().signal);
}

const withSecret = () => {
  const job = testJob(['make'], { secrets: ['machine example.com'] });
  const mounts: [string, string][] = [['.netrc', '/root/.netrc']];
  return { ...job, spec: { ...job.spec, pip_secret_mounts: mounts } };
};

it('refuses what the engine cannot do before anything is sent to it', async () => {
  const { engine, built } = engineThatIs(ready('docker-classic', '28.5.2'));
  const job = withSecret();
  await run(engine, job);
  expect(built).toEqual([]);
  expect(server.finish(job)?.result).toMatchObject({
    outcome: 'failed',
    failure: {
      code: 'BUILD_ENGINE_UNFIT',
      message: expect.stringContaining('pip_secret_mounts') as unknown,
    },
  });
  expect(server.events(job)).toEqual([]);
});

it('builds, and reports, the Dockerfile that the engine can build', async () => {
  const { engine, built } = engineThatIs(ready('docker-classic', '28.5.2'));
  const job = testJob(['make']);
  await run(engine, job);
  const [dockerfile] = built;
  expect(dockerfile).toContain('COPY --from=uv');
  expect(dockerfile).not.toContain('--mount');
  const told = server.events(job).find(({ kind }) => kind === 'dockerfile');
  expect(told).toMatchObject({ text: dockerfile });
});

it('fails as ENGINE_UNREACHABLE when the engine went away after the claim', async () => {
  const { engine } = engineThatIs({ state: 'unreachable', reason: 'It left.' });
  const job = testJob(['make']);
  await run(engine, job);
  expect(server.finish(job)?.result).toMatchObject({
    failure: { code: 'ENGINE_UNREACHABLE', message: 'It left.' },
  });
});

it.each([
  ['docker', '20.10.24', false],
  ['podman', '4.3.1', true],
] as const)(
  'says in the log of a cancelled build of %s %s that its command runs on: %s',
  async (kind, version, isSaid) => {
    const { engine } = engineThatIs(ready(kind, version));
    const job = testJob(['# fake: say began # fake: sleep 60']);
    const over = run(engine, job);
    await expect.poll(() => server.lines(job)).toContain('began');
    server.cancel(job);
    await over;
    expect(server.finish(job)?.result).toEqual({ outcome: 'cancelled' });
    const words =
      "Podman 4.3.1 cannot stop this command: it runs on to its own end on the worker's machine. Nothing follows it.";
    expect(server.lines(job).includes(words)).toBe(isSaid);
  },
);
