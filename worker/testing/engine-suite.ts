import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { imageIn, type TestRegistry, testEnv } from '@/e2e/support/test-env';
import { type Ability, canDo } from '@/lib/build/engine-abilities';
import type { BuildEngine } from '@/lib/build/engine';
import type { EngineReport, Job } from '@/lib/build/protocol';
import { readBack } from '@/worker/read-back';
import { runAttempt } from '@/worker/runner';
import { FakeServer } from '@/worker/testing/fake-server';
import {
  input,
  jobFor,
  processesWith,
  pulled,
} from '@/worker/testing/real-engine';
import { testTools } from '@/worker/testing/tools';

export type EngineUnderTest = {
  engine: BuildEngine;
  /** What `probe` has to say of it. */
  kind: Extract<EngineReport, { state: 'ready' }>['kind'];
  /** The test registries as this engine reaches them; without it as the private Docker engine does. */
  registries?: {
    plain: TestRegistry;
    password: TestRegistry & { username: string; password: string };
  };
  /** The names the engine still holds of an attempt that is over. */
  leftovers?: (job: Job) => Promise<string[]>;
};

type Ran = {
  job: Job;
  result: NonNullable<ReturnType<FakeServer['finish']>>['result'] | undefined;
  lines: string[];
  /** Everything that was told of the attempt. */
  told: string;
};

/**
 * What every engine must do, each test a whole attempt of a worker against a fake server: success, a failing step, a
 * cancel, a private base, a secret and a cache. What the table says an engine cannot do must be refused before anything
 * is sent. `given` is called once, before the first test.
 */
export function engineSuite(
  name: string,
  given: () => EngineUnderTest | Promise<EngineUnderTest>,
): void {
  describe(name, () => {
    let under: EngineUnderTest;
    let report: Extract<EngineReport, { state: 'ready' }>;
    let server: FakeServer;
    let dir: string;
    const env = testEnv();

    beforeAll(async () => {
      under = await given();
      const answer = await under.engine.probe();
      if (answer.state !== 'ready') throw new Error(answer.reason);
      report = answer;
      server = new FakeServer();
      await server.listen();
      dir = mkdtempSync(path.join(tmpdir(), 'imageyard-suite-'));
    });

    const ran: Job[] = [];
    afterEach(async () => {
      for (const job of ran.splice(0)) {
        expect((await under.leftovers?.(job)) ?? []).toEqual([]);
      }
    });

    afterAll(async () => {
      await server.close();
      rmSync(dir, { recursive: true });
    });

    const registries = () => under.registries ?? env.registries;
    const base = () => imageIn(registries().plain, env.images.base);
    const can = (ability: Ability) => canDo(report, ability);

    async function run(
      dockerfile: string,
      changes: Partial<Job> = {},
    ): Promise<Ran> {
      const job = jobFor(registries().plain, changes);
      ran.push(job);
      server.begin(job);
      const tools = testTools(server, dir, {
        engine: under.engine,
        render: (each) =>
          input(each, dockerfile, {
            secrets: new Map(
              each.secrets.map((text, index) => [
                `secret_${index}`,
                Buffer.from(text),
              ]),
            ),
          }),
        readBack,
      });
      await runAttempt(job, tools, new AbortController().signal);
      return {
        job,
        result: server.finish(job)?.result,
        lines: server.lines(job),
        told: JSON.stringify([
          server.events(job),
          server.finish(job),
          tools.said,
          tools.errors.map(String),
        ]),
      };
    }

    /** It never came to the engine: not even a step was told. */
    function expectRefusal({ job, result }: Ran, words: string) {
      expect(result).toMatchObject({
        outcome: 'failed',
        failure: { code: 'BUILD_ENGINE_UNFIT' },
      });
      expect(JSON.stringify(result)).toContain(words);
      const steps = server.events(job).filter(({ kind }) => kind === 'step');
      expect(steps).toEqual([]);
    }

    it('says what it is', () => {
      expect(report).toMatchObject({
        kind: under.kind,
        platforms: expect.arrayContaining(['linux/amd64']) as unknown,
      });
      expect(report.version).toMatch(/\d+\.\d+/);
    });

    it('builds and pushes; the registry holds what was built, under the digest that is told', async () => {
      const mark = randomUUID();
      const { job, result, lines, told } = await run(
        `FROM ${base()}\nRUN echo printed ${mark} && echo ${mark} > /made\nENV MARK=${mark}\n`,
      );
      expect(result).toMatchObject({
        outcome: 'pushed',
        platform: 'linux/amd64',
        readBack: true,
      });
      const { repository, tag } = job.target;
      const image = await pulled(registries().plain, repository, tag);
      expect(result).toMatchObject({ digest: image.digest });
      // Without starting anything of it.
      expect(told).toContain('/var/lib/dpkg/status');
      const made = image.layers.find(({ names }) => names.includes('made'));
      expect(made?.bytes.includes(mark)).toBe(true);
      expect(image.config).toContain(`MARK=${mark}`);
      expect(lines).toContain(`printed ${mark}`);
      expect(told).toContain(`push to ${job.imageName}`);
    });

    it('says which command failed, how, and what it printed last', async () => {
      const mark = randomUUID();
      const { job, result } = await run(
        `FROM ${base()}\nRUN echo first ${mark}\nRUN echo last words; echo oh no >&2; exit 7\nRUN echo never\n`,
      );
      expect(result).toMatchObject({
        outcome: 'failed',
        failure: {
          code: 'BUILD_COMMAND_FAILED',
          message: 'A command failed with exit code 7.',
          exitCode: 7,
        },
      });
      const key = result?.outcome === 'failed' ? result.failure.step : null;
      const steps = server
        .events(job)
        .flatMap((event) => (event.kind === 'step' ? [event] : []));
      const failed = steps.filter(({ state }) => state === 'failed');
      expect(failed).toMatchObject([{ key, exitCode: 7 }]);
      expect(failed[0]?.name).toContain('last words');
      const printed = server
        .events(job)
        .flatMap((event) => (event.kind === 'line' ? [event] : []));
      expect(printed.find(({ text }) => text === 'last words')?.step).toBe(key);
      expect(printed.find(({ text }) => text === 'oh no')?.stream).toBe(
        can('splitOutput') ? 'stderr' : 'stdout',
      );
      expect(printed.some(({ text }) => text.includes('never'))).toBe(false);
    });

    it('ends as cancelled while a silent command runs, and nothing is pushed', async () => {
      const seconds = `${can('stopsCommand') ? 60 : 6}.${Date.now() % 1e6}`;
      const isRunning = () => processesWith(`sleep\0${seconds}`).length > 0;
      const job = jobFor(registries().plain);
      ran.push(job);
      server.begin(job);
      const over = runAttempt(
        job,
        testTools(server, dir, {
          engine: under.engine,
          render: (each) =>
            input(each, `FROM ${base()}\nRUN sleep ${seconds}\nRUN true\n`),
        }),
        new AbortController().signal,
      );
      await expect.poll(isRunning, { timeout: 60_000 }).toBe(true);
      server.cancel(job);
      await over;
      expect(server.finish(job)?.result).toEqual({ outcome: 'cancelled' });
      const isTold = server
        .lines(job)
        .some((line) => line.includes('runs on to its own end'));
      expect(isTold).toBe(!can('stopsCommand'));
      // Where it cannot be stopped it ends by itself, and no step follows it.
      await expect.poll(isRunning, { timeout: 30_000 }).toBe(false);
      await expect(
        pulled(registries().plain, job.target.repository, job.target.tag),
      ).rejects.toThrow('404');
    });

    it('pulls a private base with the login of its registry, and not without', async () => {
      const { password } = registries();
      const dockerfile = `FROM ${imageIn(password, env.images.base)}\nRUN echo ${randomUUID()}\n`;
      const { host, username } = password;
      const refused = await run(dockerfile);
      expect(refused.result).toMatchObject({
        outcome: 'failed',
        failure: { code: 'BUILD_BASE_DENIED' },
      });
      const login = { host, username, password: password.password };
      const pulledIt = await run(dockerfile, { credentials: [login] });
      expect(pulledIt.result).toMatchObject({ outcome: 'pushed' });
      expect(pulledIt.told).not.toContain(login.password);
      // What the engine has pulled for one build, another may not have without a login.
      const again = await run(dockerfile.replace('RUN', 'RUN :;'));
      expect(again.result).toMatchObject({
        outcome: 'failed',
        failure: { code: 'BUILD_BASE_DENIED' },
      });
    });

    it('gives a step its secret, and no layer, no config and no log', async () => {
      const secret = randomBytes(24).toString('hex');
      const planted = randomBytes(8).toString('hex');
      const attempt = await run(
        `FROM ${base()}\nRUN --mount=type=secret,id=secret_0,target=/run/token,required=true wc -c < /run/token && cat /run/token && echo ${planted} > /made\n`,
        { secrets: [secret], noCache: true },
      );
      if (!can('secretMount'))
        return expectRefusal(attempt, 'pip_secret_mounts');
      expect(attempt.result).toMatchObject({ outcome: 'pushed' });
      expect(attempt.lines).toContain('48');
      expect(attempt.told).not.toContain(secret);
      const { repository, tag } = attempt.job.target;
      const image = await pulled(registries().plain, repository, tag);
      const bytes = Buffer.concat(image.layers.map((layer) => layer.bytes));
      expect(bytes.includes(planted)).toBe(true);
      expect(bytes.includes(secret)).toBe(false);
      expect(image.config).not.toContain(secret);
    });

    it('keeps a cache between builds, or builds the same without', async () => {
      const id = randomUUID();
      // A mount's id is no part of what an engine goes by when it looks for a step it has run before.
      const build = (line: string) =>
        run(
          `FROM ${base()}\nRUN --mount=type=cache,id=${id},target=/kept echo ${line} >> /kept/lines; echo $(cat /kept/lines) # ${id}\n`,
        );
      expect((await build('one')).lines).toContain('one');
      const second = await build('two');
      expect(second.result).toMatchObject({ outcome: 'pushed' });
      expect(second.lines).toContain(can('cacheMount') ? 'one two' : 'two');
      const { repository, tag } = second.job.target;
      const image = await pulled(registries().plain, repository, tag);
      const names = image.layers.flatMap((layer) => layer.names);
      expect(names.includes('kept/lines')).toBe(!can('cacheMount'));
    });
  });
}
