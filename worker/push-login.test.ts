import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BuildEngine } from '@/lib/build/engine';
import { classifyPushFailure } from '@/lib/build/failure';
import type { Job, JobCredential } from '@/lib/build/protocol';
import { fakeEngine } from '@/worker/engine-fake';
import { runAttempt } from '@/worker/runner';
import { FakeServer } from '@/worker/testing/fake-server';
import { testJob } from '@/worker/testing/test-job';
import { testTools } from '@/worker/testing/tools';

const EXPIRED = 'expired-password-of-the-claim';
const FRESH = 'fresh-password-of-the-push';
const never = new AbortController().signal;

let server: FakeServer;
let dir: string;
let job: Job;
const login = (password: string): JobCredential => ({
  host: job.target.host,
  username: 'AWS',
  password,
});

beforeEach(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'imageyard-worker-'));
  server = new FakeServer();
  await server.listen();
  job = testJob(['# fake: print 1']);
  const other = {
    host: 'base.example.com',
    username: 'a',
    password: 'other-1',
  };
  job = { ...job, credentials: [login(EXPIRED), other] };
  server.login = () => ({ credential: login(FRESH), repository: null });
});

afterEach(async () => {
  await server.close();
  rmSync(dir, { recursive: true });
});

/** An engine whose registry takes the fresh login alone, and says aloud what it was given. */
function pickyEngine(): BuildEngine {
  const engine = fakeEngine();
  return {
    ...engine,
    push: async (input, emit, signal) => {
      const { host } = input.job.target;
      const given = input.job.credentials.find((each) => each.host === host);
      const pushed = await engine.push(input, emit, signal);
      emit({
        kind: 'output',
        step: 'push',
        stream: 'stdout',
        bytes: Buffer.from(`login with ${given?.password ?? 'nothing'}\n`),
        at: 1,
      });
      if (given?.password === FRESH) return pushed;
      return {
        ok: false,
        failure: classifyPushFailure(
          'denied: Your authorization token has expired. Reauthenticate and try again.',
          host,
          'push',
        ),
      };
    },
  };
}

async function run(changes: Parameters<typeof testTools>[2] = {}) {
  server.begin(job);
  const readBacks: Job[] = [];
  await runAttempt(
    job,
    testTools(server, dir, {
      engine: pickyEngine(),
      readBack: (read) => {
        readBacks.push(read);
        return Promise.resolve('confirmed' as const);
      },
      ...changes,
    }),
    never,
  );
  return { readBacks, result: server.finish(job)?.result };
}

describe('the login of a push', () => {
  it('is asked for right before it, so that an expired one of the claim does no harm', async () => {
    const { result, readBacks } = await run();
    expect(result?.outcome).toBe('pushed');
    expect(readBacks[0]?.credentials).toEqual([
      login(FRESH),
      { host: 'base.example.com', username: 'a', password: 'other-1' },
    ]);
    const asked = server.paths.findIndex((each) =>
      each.endsWith('/credentials'),
    );
    const finished = server.paths.findIndex((each) => each.endsWith('/finish'));
    expect(asked).toBeGreaterThan(0);
    expect(asked).toBeLessThan(finished);
  });

  it('that has expired is told apart from one that may not push', async () => {
    server.login = () => ({ credential: login(EXPIRED), repository: null });
    const { result } = await run();
    expect(result).toMatchObject({
      outcome: 'failed',
      failure: {
        code: 'BUILD_PUSH_DENIED',
        message: expect.stringContaining('its login expired') as string,
      },
    });
  });

  it('is hidden in the log like the one of the claim, and left in no file', async () => {
    await run();
    const said = JSON.stringify(server.events(job));
    expect(said).toContain('login with ***');
    expect(said).not.toContain(FRESH);
    expect(said).not.toContain(EXPIRED);
    expect(readdirSync(dir)).toEqual([]);
  });

  it('that cannot be made ends the build with the server’s reason', async () => {
    server.fault = (each) => {
      server.refusal = each.endsWith('/credentials')
        ? 'BUILD_LOGIN_FAILED'
        : null;
      return null;
    };
    const { result } = await run();
    expect(result).toMatchObject({
      outcome: 'failed',
      failure: { code: 'BUILD_LOGIN_FAILED', message: 'Refused.' },
    });
  });

  it('is asked for again while the server or its cloud is away', async () => {
    let asked = 0;
    server.fault = (each) =>
      each.endsWith('/credentials') && (asked += 1) < 3 ? 503 : null;
    expect((await run()).result?.outcome).toBe('pushed');
    expect(asked).toBe(3);
  });

  it('is none once nobody keeps one', async () => {
    server.login = () => ({ credential: null, repository: null });
    await run();
    expect(server.lines(job)).toContain('login with nothing');
  });
});

describe('the login of a build', () => {
  it('is made anew near its end, when the engine asks, and hidden in the log', async () => {
    const base = {
      host: 'base.example.com',
      username: 'a',
      password: 'other-1',
      leftMs: 1_000,
    };
    job = { ...job, credentials: [login(EXPIRED), base] };
    server.login = (_, { host }) => ({
      credential:
        host === null
          ? login(FRESH)
          : { ...base, password: 'fresh-password-of-the-base', leftMs: 3.6e6 },
      repository: null,
    });
    const engine = pickyEngine();
    let given: string | undefined;
    const { result } = await run({
      engine: {
        ...engine,
        build: async (input, emit, signal) => {
          given = (await input.logins?.('base.example.com'))?.password;
          const built = await engine.build(input, emit, signal);
          emit({
            kind: 'output',
            step: '0',
            stream: 'stdout',
            bytes: Buffer.from(`base with ${given}\n`),
            at: 1,
          });
          return built;
        },
      },
    });
    expect(result?.outcome).toBe('pushed');
    expect(given).toBe('fresh-password-of-the-base');
    const said = JSON.stringify(server.events(job));
    expect(said).toContain('base with ***');
    expect(said).not.toContain('fresh-password');
  });
});

describe('the repository of a push', () => {
  it('that was made is told in the log', async () => {
    server.login = () => ({
      credential: login(FRESH),
      repository: { isReady: true, note: 'Made the repository acme/etl.' },
    });
    const { result } = await run();
    expect(result?.outcome).toBe('pushed');
    expect(server.lines(job)).toContain('Made the repository acme/etl.');
  });

  it('that could not be made is told with the failure of the push', async () => {
    server.login = () => ({
      credential: login(EXPIRED),
      repository: { isReady: false, note: 'It lacks ecr:CreateRepository.' },
    });
    const { result } = await run();
    expect(result).toMatchObject({
      failure: {
        message: expect.stringMatching(
          /expired.* It lacks ecr:CreateRepository\.$/,
        ) as string,
      },
    });
  });
});
