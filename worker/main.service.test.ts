import { type ChildProcess, spawn } from 'node:child_process';
import {
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { FakeServer } from '@/worker/testing/fake-server';
import { testJob } from '@/worker/testing/test-job';

const CHECKOUT = path.join(import.meta.dirname, '..');
const PATIENCE = { timeout: 30_000, interval: 20 };

let server: FakeServer;
let dir: string;
let running: Worker[];

type Worker = {
  child: ChildProcess;
  output: () => string;
  ended: Promise<number | null>;
};

beforeEach(async () => {
  running = [];
  dir = mkdtempSync(path.join(tmpdir(), 'imageyard-main-'));
  server = new FakeServer();
  writeFileSync(path.join(dir, 'secret'), server.secret, { mode: 0o600 });
  await server.listen();
});

afterEach(async () => {
  for (const { child, ended } of running) {
    child.kill('SIGKILL');
    await ended;
  }
  await server.close();
  rmSync(dir, { recursive: true });
});

function start(
  args: string[] = [],
  env: Record<string, string> = {},
  hasSecretFile = true,
): Worker {
  const secret = path.join(dir, 'secret');
  const child = spawn(
    process.execPath,
    [
      '--import',
      'tsx',
      'worker/main.ts',
      ...(hasSecretFile
        ? ['--server', server.origin, '--secret-file', secret]
        : []),
      ...args,
    ],
    {
      cwd: CHECKOUT,
      env: {
        PATH: process.env.PATH,
        NODE_ENV: 'test',
        BUILD_ENGINE: 'fake',
        IMAGEYARD_ALLOW_TEST_ENGINE: '1',
        ...env,
      },
    },
  );
  let text = '';
  child.stdout.on('data', (chunk) => (text += String(chunk)));
  child.stderr.on('data', (chunk) => (text += String(chunk)));
  const ended = new Promise<number | null>((resolve) =>
    child.on('exit', (code) => resolve(code)),
  );
  const worker = { child, output: () => text, ended };
  running.push(worker);
  return worker;
}

const spooled = () =>
  readdirSync(path.join(dir, 'secret.spool')).filter((name) => name !== 'lock');

describe('the worker process', () => {
  it('builds, survives a kill -9 truthfully, lets no second one in and leaves cleanly', async () => {
    const [good, killed, stopped] = [
      testJob(['# fake: print 50']),
      testJob(['# fake: print 50', '# fake: sleep 600']),
      testJob(['# fake: sleep 600']),
    ];
    server.queue(good);
    server.queue(killed);
    const first = start();
    await expect.poll(() => server.lines(killed).length, PATIENCE).toBe(50);
    expect(server.finish(good)?.result.outcome).toBe('pushed');
    expect(spooled()).toHaveLength(2);

    const second = start();
    expect(await second.ended).toBe(2);
    expect(second.output()).toMatch(/^Another worker uses .*\n$/);

    first.child.kill('SIGKILL');
    await first.ended;
    server.queue(stopped);
    const third = start();
    await expect
      .poll(() => server.events(stopped).length, PATIENCE)
      .toBeGreaterThan(2);
    expect(server.finish(killed)?.result).toEqual({ outcome: 'abandoned' });
    expect(server.isIntact(killed)).toBe(true);

    third.child.kill('SIGTERM');
    expect(await third.ended).toBe(0);
    expect(server.finish(stopped)?.result).toEqual({ outcome: 'abandoned' });
    expect(spooled()).toEqual([]);
    expect(first.output() + third.output()).not.toContain(server.secret);
  }, 90_000);

  it('ends with one line when the server does not know it', async () => {
    server.refusal = 'WORKER_UNKNOWN';
    const worker = start();
    expect(await worker.ended).toBe(2);
    expect(worker.output().trim().split('\n').at(-1)).toMatch(
      /Connect a worker/,
    );
    expect(worker.output()).not.toMatch(/^\s+at /m);
  }, 60_000);

  it('connects by a code that is good once, also when the answer is lost, and needs none then', async () => {
    server.enrolled.set('one-time', null);
    let lost = 0;
    server.fault = (path) =>
      path.endsWith('/enrol') && lost++ === 0 ? 'lose' : null;
    const home = path.join(dir, 'home');
    const own = (...args: string[]) =>
      start(args, { IMAGEYARD_WORKER_DIR: home }, false);
    const first = own('--server', server.origin, '--code', 'one-time');
    const job = testJob(['# fake: print 1']);
    server.queue(job);
    await expect.poll(() => server.finish(job), PATIENCE).not.toBeNull();
    expect(first.output()).toContain('as builder');
    first.child.kill('SIGTERM');
    expect(await first.ended).toBe(0);
    const kept = readFileSync(path.join(home, 'worker.json'), 'utf8');
    const { secret } = z.object({ secret: z.string() }).parse(JSON.parse(kept));
    expect(statSync(path.join(home, 'worker.json')).mode & 0o077).toBe(0);
    expect(first.output()).not.toContain(secret);

    const again = own();
    const second = testJob(['# fake: print 1']);
    server.queue(second);
    await expect.poll(() => server.finish(second), PATIENCE).not.toBeNull();

    server.enrolled.clear();
    expect(await again.ended).toBe(2);
    expect(readdirSync(home)).toContain('worker.json.revoked');
    expect(await own().ended).toBe(2);
  }, 90_000);

  it('ends with one line when its code is not good', async () => {
    const worker = start(
      ['--server', server.origin, '--code', 'wrong'],
      { IMAGEYARD_WORKER_DIR: path.join(dir, 'home') },
      false,
    );
    server.enrolled.set('wrong', 'used by another');
    expect(await worker.ended).toBe(2);
    expect(worker.output().trim().split('\n')).toHaveLength(1);
    expect(readdirSync(path.join(dir, 'home'))).not.toContain('worker.json');
  }, 60_000);

  it('ends with one line for what must be mended first', async () => {
    const worker = start([], { IMAGEYARD_ALLOW_TEST_ENGINE: '' });
    expect(await worker.ended).toBe(2);
    expect(worker.output()).toBe(
      'BUILD_ENGINE=fake is for tests and `npm run dev` only.\n',
    );
    expect(readFileSync(path.join(dir, 'secret'), 'utf8')).toBe(server.secret);
  }, 60_000);
});
