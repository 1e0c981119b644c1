import { afterEach, describe, expect, it } from 'vitest';
import type { Job } from '@/lib/build/protocol';
import { AppError } from '@/lib/errors';
import { emptySpec } from '@/lib/imagespec/schema';
import { dockerEngine } from '@/worker/engine-docker/engine';
import {
  Recording,
  input,
  jobFor,
  localNames,
  processesWith,
  realEngine,
} from '@/worker/testing/real-engine';
import { imageIn } from '@/e2e/support/test-env';

const { env, docker, engine, base } = realEngine();
const { plain, password } = env.registries;
const never = new AbortController().signal;
const privateBase = imageIn(password, env.images.base);
const begun: Job[] = [];

function begin(...args: Parameters<typeof jobFor>): Job {
  const job = jobFor(...args);
  begun.push(job);
  return job;
}

afterEach(async () => {
  for (const job of begun.splice(0)) await engine.discard(job);
});

async function build(dockerfile: string, changes: Partial<Job> = {}) {
  const recording = new Recording();
  const job = begin(plain, changes);
  const outcome = await engine.build(
    input(job, dockerfile),
    recording.emit,
    never,
  );
  return { recording, outcome, failure: outcome.ok ? null : outcome.failure };
}

describe('a real engine', () => {
  it('says which command failed, how, and what it printed last', async () => {
    const { failure, recording } = await build(
      `FROM ${base}\nRUN echo first\nRUN echo last words; exit 7\nRUN echo never\n`,
      { noCache: true },
    );
    const step = recording.step('last words');
    expect(failure).toEqual({
      code: 'BUILD_COMMAND_FAILED',
      message: 'A command failed with exit code 7.',
      step: step?.key,
      exitCode: 7,
    });
    expect(step).toMatchObject({
      state: 'failed',
      exitCode: 7,
      error: 'The command ended with exit code 7.',
    });
    expect(recording.output('stdout')).toBe('first\nlast words\n');
  });

  it.each([
    [
      'an apt package',
      'RUN apt-get update && apt-get install -y no-such-package-here',
      'BUILD_APT_NOT_FOUND',
      'The base has no apt package no-such-package-here.',
    ],
    [
      'a server of apt packages',
      "RUN rm -r /etc/apt/sources.list* && echo 'deb http://nowhere.invalid/debian bookworm main' > /etc/apt/sources.list && apt-get update && apt-get install -y git",
      'BUILD_SERVER_UNREACHABLE',
      'The build cannot reach nowhere.invalid: its host name is not known there.',
    ],
    ['an instruction', 'RUNN true', 'BUILD_DOCKERFILE_INVALID', ''],
    [
      'a file',
      'RUN --mount=type=bind,source=nope,target=/n true',
      'BUILD_DOCKERFILE_INVALID',
      '/nope',
    ],
  ])('says which %s there is not', async (_what, line, code, message) => {
    const { failure } = await build(`FROM ${base}\n${line}\n`);
    expect(failure?.code).toBe(code);
    expect(failure?.message).toContain(message);
  });

  it('names a secret that the build was not given, and the step that needs it', async () => {
    const { failure, recording } = await build(
      `FROM ${base}\nRUN --mount=type=secret,id=secret_0,target=/run/netrc,required=true cat /run/netrc\n`,
      {
        noCache: true,
        spec: {
          ...emptySpec(),
          pip_secret_mounts: [['.netrc', '/run/netrc']],
        },
      },
    );
    expect(failure).toEqual({
      code: 'BUILD_SECRET_MISSING',
      message:
        'The engine was not given the secret .netrc, which this step mounts.',
      step: recording.step('cat /run/netrc')?.key,
      exitCode: null,
    });
  });

  it.each([
    [
      'that is not there',
      `${plain.host}/base/nope:1`,
      'BUILD_BASE_NOT_FOUND',
      'There is no image',
    ],
    [
      'of a registry that is not there',
      '127.0.0.1:9/base:1',
      'BUILD_BASE_NOT_FOUND',
      'the connection was refused',
    ],
    [
      'that needs a credential',
      privateBase,
      'BUILD_BASE_DENIED',
      'may not be pulled',
    ],
  ])(
    'says that it cannot have a base %s',
    async (_name, image, code, message) => {
      const { failure } = await build(`FROM ${image}\nRUN true\n`);
      expect(failure?.code).toBe(code);
      expect(failure?.message).toContain(image);
      expect(failure?.message).toContain(message);
    },
  );

  it('pulls a private base with the credential of its registry, also late in a build', async () => {
    const { host, username } = password;
    const dockerfile = `FROM ${base} AS slow
RUN sleep 7; echo ${crypto.randomUUID()} > /slow
FROM ${privateBase}
COPY --from=slow /slow /slow
RUN --mount=type=secret,id=late,required cat /run/secrets/late | wc -c
`;
    const job = begin(plain, {
      noCache: true,
      credentials: [{ host, username, password: password.password }],
    });
    const recording = new Recording();
    const outcome = await engine.build(
      input(job, dockerfile, {
        secrets: new Map([['late', Buffer.from('twelve bytes')]]),
      }),
      recording.emit,
      never,
    );
    expect(outcome).toMatchObject({ ok: true });
    expect(recording.output('stdout')).toBe('12\n');
  });

  it('is refused the base by a wrong password', async () => {
    const { failure } = await build(`FROM ${privateBase}\nRUN true\n`, {
      credentials: [
        { host: password.host, username: 'robot', password: 'wrong' },
      ],
    });
    expect(failure?.code).toBe('BUILD_BASE_DENIED');
  });

  it.each([
    ['no credential', []],
    [
      'a wrong one',
      [{ host: password.host, username: 'robot', password: 'wrong-password' }],
    ],
    [
      'one of another registry',
      [{ host: plain.host, username: 'robot', password: password.password }],
    ],
  ])('is refused the push with %s', async (_name, credentials) => {
    const job = begin(password, { credentials });
    const dockerfile = `FROM ${base}\nRUN echo x > /made\n`;
    const recording = new Recording();
    await engine.build(input(job, dockerfile), recording.emit, never);
    const outcome = await engine.push(
      input(job, dockerfile),
      recording.emit,
      never,
    );
    expect(outcome).toMatchObject({
      ok: false,
      failure: { code: 'BUILD_PUSH_DENIED', step: 'push' },
    });
    expect(recording.step('push to')).toMatchObject({ state: 'failed' });
  });

  it('does not pass an image off as one for another platform', async () => {
    const { failure } = await build(`FROM ${base}\nRUN echo x > /made\n`, {
      platform: 'linux/arm64',
    });
    expect(failure).toMatchObject({
      code: 'BUILD_PLATFORM_MISMATCH',
      message: 'The base image is for linux/amd64, not for linux/arm64.',
    });
  });

  it('stops a silent command within three seconds of the abort, and leaves nothing of it', async () => {
    const seconds = `60.${Date.now()}`;
    const stop = new AbortController();
    const recording = new Recording();
    const job = begin(plain);
    const over = engine
      .build(
        input(job, `FROM ${base}\nRUN sleep ${seconds}\n`),
        recording.emit,
        stop.signal,
      )
      .catch((error: unknown) => error);
    await expect
      .poll(() => processesWith(`sleep\0${seconds}`).length, {
        timeout: 30_000,
      })
      .toBeGreaterThan(0);
    const aborted = performance.now();
    stop.abort();
    expect(await over).toBeInstanceOf(AppError);
    await expect
      .poll(() => processesWith(seconds).length, {
        timeout: 3_000,
        interval: 20,
      })
      .toBe(0);
    expect(performance.now() - aborted).toBeLessThan(3_000);
    await engine.discard(job);
    expect(await localNames(docker, job.buildId)).toEqual([]);
  });

  it('says that nothing listens where there is no engine', async () => {
    const away = dockerEngine({
      connection: { host: undefined, socketPath: '/nowhere/docker.sock' },
      address: 'unix:///nowhere/docker.sock',
      addsCaCertificates: false,
    });
    expect(await away.probe()).toEqual({
      state: 'unreachable',
      reason:
        'unix:///nowhere/docker.sock: There is no socket of a container engine.',
    });
    await expect(
      away.build(input(begin(plain), 'FROM scratch'), () => {}, never),
    ).rejects.toMatchObject({ code: 'ENGINE_UNREACHABLE' });
  });
});
