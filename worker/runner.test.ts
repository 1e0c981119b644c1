import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BuildEngine } from '@/lib/build/engine';
import type { Job } from '@/lib/build/protocol';
import { AppError } from '@/lib/errors';
import { fakeEngine } from '@/worker/engine-fake';
import { runAttempt } from '@/worker/runner';
import { FakeServer } from '@/worker/testing/fake-server';
import { testJob } from '@/worker/testing/test-job';
import { testTools } from '@/worker/testing/tools';

const numbered = (count: number) =>
  Array.from({ length: count }, (_, index) => `line ${index + 1}`);

let server: FakeServer;
let dir: string;
const never = new AbortController().signal;

beforeEach(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'imageyard-worker-'));
  server = new FakeServer();
  await server.listen();
});

afterEach(async () => {
  await server.close();
  rmSync(dir, { recursive: true });
});

function run(job: Job, changes: Parameters<typeof testTools>[2] = {}) {
  server.begin(job);
  const tools = testTools(server, dir, changes);
  return { tools, over: runAttempt(job, tools, never) };
}

async function until(isTrue: () => boolean) {
  await expect.poll(isTrue, { timeout: 5_000, interval: 5 }).toBe(true);
}

describe('runAttempt', () => {
  it('reports a build from the Dockerfile to the digest, in order', async () => {
    const job = testJob(['make a', '# fake: print 3']);
    await run(job).over;
    const events = server.events(job);
    expect(
      events.map((event) => {
        switch (event.kind) {
          case 'state':
          case 'step':
            return event.state;
          case 'line':
            return event.text;
          default:
            return event.kind;
        }
      }),
    ).toEqual([
      'building',
      'dockerfile',
      'running',
      'make a',
      'done',
      'running',
      ...numbered(3),
      'done',
      'pushing',
      'running',
      'done',
      'packages',
    ]);
    expect(events.at(-1)).toMatchObject({
      found: {
        groups: [
          {
            kind: 'dpkg',
            place: '/var/lib/dpkg/status',
            packages: [['fake', '1.0']],
          },
        ],
        missing: null,
      },
    });
    expect(server.finish(job)).toMatchObject({
      lastSeq: events.length,
      result: { outcome: 'pushed', platform: 'linux/amd64', readBack: true },
    });
    expect(server.isIntact(job)).toBe(true);
    expect(readdirSync(dir)).toEqual([]);
  });

  it('gives every step its place in order of appearance', async () => {
    const job = testJob(['a', 'b', 'c']);
    await run(job).over;
    const steps = server
      .events(job)
      .flatMap((event) =>
        event.kind === 'step' ? [[event.name, event.position]] : [],
      );
    expect(new Map(steps as [string, number][])).toEqual(
      new Map([
        ['a', 0],
        ['b', 1],
        ['c', 2],
        ['push to registry.example.com', 3],
      ]),
    );
  });

  it('reports a failed command with its step and exit code', async () => {
    const job = testJob(['# fake: say last words # fake: exit 3', 'never']);
    await run(job).over;
    expect(server.finish(job)?.result).toEqual({
      outcome: 'failed',
      failure: {
        code: 'BUILD_COMMAND_FAILED',
        message: 'A command failed with exit code 3.',
        step: 'fake-0',
        exitCode: 3,
      },
    });
    expect(server.lines(job)).toEqual(['last words']);
  });

  it('reports a refused push', async () => {
    const job = testJob(['# fake: push denied']);
    await run(job).over;
    expect(server.finish(job)?.result).toMatchObject({
      outcome: 'failed',
      failure: { code: 'BUILD_PUSH_DENIED', step: 'push' },
    });
  });

  it.each([
    ['drop', 'the server gives no answer'],
    ['lose', 'answers are lost on the way'],
    ['html', 'something else answers for the server'],
    [503, 'the server is busy'],
  ] as const)(
    'loses and doubles nothing when %s: %s',
    async (fault, _meaning) => {
      let count = 0;
      server.fault = () => ((count += 1) % 3 === 0 ? null : fault);
      const job = testJob(['# fake: print 5000', '# fake: print 10']);
      await run(job).over;
      expect(server.lines(job)).toEqual([...numbered(5000), ...numbered(10)]);
      expect(server.isIntact(job)).toBe(true);
      expect(server.finish(job)?.result.outcome).toBe('pushed');
    },
  );

  it('sends again what a server lost that was set back', async () => {
    const job = testJob([
      '# fake: print 300',
      '# fake: sleep 0.6',
      '# fake: print 5',
    ]);
    const { over } = run(job);
    await until(() => server.lines(job).length === 300);
    server.attempt(job)?.texts.splice(100);
    await over;
    expect(server.lines(job)).toEqual([...numbered(300), ...numbered(5)]);
    expect(server.isIntact(job)).toBe(true);
  });

  it('outlives a restart of the server in the middle of a build', async () => {
    const job = testJob([
      '# fake: print 10',
      '# fake: sleep 1',
      '# fake: print 10',
    ]);
    const { over } = run(job);
    await until(() => server.lines(job).length === 10);
    const { port } = server;
    await server.close();
    const back = new FakeServer();
    const attempt = back.begin(job);
    attempt.texts.push(...(server.attempt(job)?.texts ?? []));
    await back.listen(port);
    server = back;
    await over;
    expect(back.lines(job)).toEqual([...numbered(10), ...numbered(10)]);
    expect(back.isIntact(job)).toBe(true);
  });

  it('stops a silent step within a second of a cancel', async () => {
    const job = testJob(['# fake: sleep 60']);
    const { over } = run(job);
    await until(() => server.events(job).length >= 3);
    const clicked = performance.now();
    server.cancel(job);
    await over;
    expect(performance.now() - clicked).toBeLessThan(1000);
    expect(server.finish(job)?.result).toEqual({ outcome: 'cancelled' });
    const last = server.events(job).at(-1);
    expect(last).toMatchObject({ kind: 'step', state: 'cancelled' });
  });

  it('does not wait for ever for an engine that does not stop', async () => {
    const stuck: BuildEngine = {
      ...fakeEngine(),
      build: () => new Promise(() => {}),
    };
    const job = testJob([]);
    const { over } = run(job, { engine: stuck });
    await until(() => server.events(job).length >= 2);
    server.cancel(job);
    await over;
    expect(server.finish(job)?.result).toEqual({ outcome: 'cancelled' });
  });

  it('says that the image is there when a cancel came after the push', async () => {
    const job = testJob([]);
    const engine: BuildEngine = {
      ...fakeEngine(),
      push: async (_input, _emit, signal) => {
        server.cancel(job);
        await new Promise((resolve) =>
          signal.addEventListener('abort', resolve),
        );
        return {
          ok: true,
          digest: `sha256:${'0'.repeat(64)}`,
          sizeBytes: null,
        };
      },
    };
    await run(job, { engine }).over;
    expect(server.finish(job)?.result.outcome).toBe('pushed');
  });

  it('drops an attempt that another one followed', async () => {
    const job = testJob(['# fake: sleep 60']);
    const { over } = run(job);
    await until(() => server.events(job).length >= 3);
    server.supersede(job);
    await over;
    expect(server.paths.some((each) => each.endsWith('/finish'))).toBe(false);
    expect(readdirSync(dir)).toEqual([]);
  });

  it.each([
    ['total', { totalMs: 200, idleMs: 60_000, logBytes: 1000 }],
    ['idle', { totalMs: 60_000, idleMs: 200, logBytes: 1000 }],
  ] as const)('stops at the %s limit', async (limit, limits) => {
    const job = testJob(['# fake: sleep 60'], { limits });
    await run(job).over;
    expect(server.finish(job)?.result).toEqual({
      outcome: 'timed_out',
      limit,
      step: 'fake-0',
    });
  });

  it('keeps the head and the tail of an overlong log and marks the gap once', async () => {
    const job = testJob(['# fake: print 2000'], {
      limits: { totalMs: 60_000, idleMs: 60_000, logBytes: 4000 },
    });
    await run(job).over;
    const lines = server.lines(job);
    const head = lines.findIndex((line, index) => line !== `line ${index + 1}`);
    expect(head).toBeGreaterThan(200);
    expect(lines.slice(head)).toEqual(
      numbered(2000).slice(head - lines.length),
    );
    const bytes = lines.reduce((sum, line) => sum + line.length + 1, 0);
    expect(bytes).toBeLessThanOrEqual(4000);
    const events = server.events(job);
    const gap = events.findIndex((event) => event.kind === 'clipped');
    expect(events[gap]).toMatchObject({ step: 'fake-0', by: 'limit' });
    expect(events.filter((event) => event.kind === 'clipped')).toHaveLength(1);
    expect(
      events.slice(0, gap).filter((event) => event.kind === 'line'),
    ).toHaveLength(head);
  });

  it('says when the engine clipped a step', async () => {
    const job = testJob(['# fake: print 1 # fake: clip']);
    await run(job).over;
    expect(server.events(job)).toContainEqual(
      expect.objectContaining({
        kind: 'clipped',
        by: 'engine',
        step: 'fake-0',
      }),
    );
  });

  it('lets no credential out: not in lines, names, errors, the Dockerfile or on disk', async () => {
    const password = 'c4nary/Pa$$ w0rd"\\';
    const forms = [
      password,
      encodeURIComponent(password),
      JSON.stringify(password).slice(1, -1),
      Buffer.from(password).toString('base64').replace(/=+$/, ''),
    ];
    const job = testJob(
      [
        ...forms.map((form) => `# fake: say ${form}`),
        `echo ${password} # fake: exit 1`,
      ],
      {
        credentials: [
          { host: 'registry.example.com', username: 'robot', password },
        ],
      },
    );
    const written: string[] = [];
    const engine: BuildEngine = {
      ...fakeEngine(),
      discard: () => {
        written.push(...filesIn(dir));
        return Promise.resolve();
      },
    };
    await run(job, { engine }).over;
    const told = [
      ...(server.attempt(job)?.texts ?? []),
      JSON.stringify(server.finish(job)),
    ].join('\n');
    expect(written.join('\n')).toContain('fake-0');
    for (const form of forms) {
      const inJson = JSON.stringify(form).slice(1, -1);
      for (const text of [told, written.join('\n')]) {
        expect(text).not.toContain(form);
        expect(text).not.toContain(inJson);
      }
    }
    expect(server.lines(job)).toEqual([
      '***',
      '***',
      '***',
      expect.stringMatching(/^\*\*\*/),
    ]);
  });

  it('says a digest mismatch when the registry holds something else', async () => {
    const job = testJob([]);
    await run(job, { readBack: () => Promise.resolve('contradicted') }).over;
    expect(server.finish(job)?.result).toMatchObject({
      outcome: 'failed',
      failure: { code: 'BUILD_DIGEST_MISMATCH' },
    });
  });

  it('claims no read-back that it did not make', async () => {
    const job = testJob([]);
    await run(job, { readBack: () => Promise.reject(new Error('no way')) })
      .over;
    expect(server.finish(job)?.result).toMatchObject({
      outcome: 'pushed',
      readBack: false,
    });
  });

  it.each([
    [
      'the engine went away',
      () =>
        new AppError(
          'ENGINE_UNREACHABLE',
          'No container engine listens there.',
        ),
      {
        code: 'ENGINE_UNREACHABLE',
        message: 'No container engine listens there.',
      },
    ],
    [
      'the worker has a defect',
      () => new TypeError('secret details'),
      { code: 'INTERNAL', message: 'The worker failed; its own log says why.' },
    ],
  ])('reports that %s', async (_name, error, failure) => {
    const engine: BuildEngine = {
      ...fakeEngine(),
      build: () => Promise.reject(error()),
    };
    const job = testJob([]);
    const { tools, over } = run(job, { engine });
    await over;
    expect(server.finish(job)?.result).toMatchObject({
      outcome: 'failed',
      failure,
    });
    expect(tools.errors).toHaveLength(1);
  });

  it('says what is wrong with a spec that cannot be built', async () => {
    const job = testJob([], { flytekitVersion: 'no version' });
    await run(job).over;
    expect(server.finish(job)?.result).toMatchObject({
      outcome: 'failed',
      failure: { code: 'BUILD_DOCKERFILE_INVALID' },
    });
  });

  it('tells the server that a push begins before it begins', async () => {
    const job = testJob([]);
    let known: unknown[] = [];
    const engine: BuildEngine = {
      ...fakeEngine(),
      push: (...args) => {
        known = server.events(job);
        return fakeEngine().push(...args);
      },
    };
    await run(job, { engine }).over;
    expect(known).toContainEqual(expect.objectContaining({ state: 'pushing' }));
  });

  it('takes its images out of the engine whatever happened', async () => {
    const discarded: string[] = [];
    const engine: BuildEngine = {
      ...fakeEngine(),
      discard: ({ buildId }) => {
        discarded.push(buildId);
        return Promise.reject(new Error('the engine is away'));
      },
    };
    const [good, bad] = [testJob(['a']), testJob(['# fake: exit 1'])];
    await run(good, { engine }).over;
    await run(bad, { engine }).over;
    expect(discarded).toEqual([good.buildId, bad.buildId]);
    expect(server.finish(good)?.result.outcome).toBe('pushed');
  });

  it('rejects, and keeps the spool, when the server does not know this worker any more', async () => {
    const job = testJob(['# fake: sleep 60']);
    const { over } = run(job);
    await until(() => server.events(job).length >= 3);
    server.refusal = 'WORKER_UNKNOWN';
    await expect(over).rejects.toMatchObject({ code: 'WORKER_UNKNOWN' });
    expect(readdirSync(dir)).toHaveLength(2);
  });

  it('gives an attempt back when the worker shuts down', async () => {
    const job = testJob(['# fake: sleep 60']);
    server.begin(job);
    const shutdown = new AbortController();
    const over = runAttempt(job, testTools(server, dir), shutdown.signal);
    await until(() => server.events(job).length >= 3);
    shutdown.abort();
    await over;
    expect(server.finish(job)?.result).toEqual({ outcome: 'abandoned' });
    expect(readdirSync(dir)).toEqual([]);
  });
});

function filesIn(folder: string): string[] {
  return readdirSync(folder).map((name) =>
    readFileSync(path.join(folder, name), 'utf8'),
  );
}
