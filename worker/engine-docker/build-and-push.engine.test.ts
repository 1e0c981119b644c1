import { afterEach, describe, expect, it } from 'vitest';
import type { Job } from '@/lib/build/protocol';
import { readBack } from '@/worker/read-back';
import {
  Recording,
  holds,
  input,
  jobFor,
  localNames,
  pulled,
  realEngine,
} from '@/worker/testing/real-engine';

const { env, docker, engine, base } = realEngine();
const never = new AbortController().signal;
const begun: Job[] = [];

function begin(...args: Parameters<typeof jobFor>): Job {
  const job = jobFor(...args);
  begun.push(job);
  return job;
}

afterEach(async () => {
  for (const job of begun.splice(0)) await engine.discard(job);
});

async function buildAndPush(job: Job, dockerfile: string) {
  const recording = new Recording();
  const built = await engine.build(
    input(job, dockerfile),
    recording.emit,
    never,
  );
  if (!built.ok) throw new Error(built.failure.message);
  const pushed = await engine.push(
    input(job, dockerfile),
    recording.emit,
    never,
  );
  if (!pushed.ok) throw new Error(pushed.failure.message);
  return { recording, digest: pushed.digest, imageId: built.imageId };
}

describe('a real engine', () => {
  it('says what it is', async () => {
    expect(await engine.probe()).toMatchObject({
      state: 'ready',
      kind: 'docker',
      version: env.engine.version,
      platforms: ['linux/amd64'],
    });
  });

  it.each(['plain', 'tls', 'password'] as const)(
    'builds and pushes to the %s registry, and says the digest that the registry holds',
    async (name) => {
      const registry = env.registries[name];
      const job = begin(registry);
      const { digest, recording } = await buildAndPush(
        job,
        `FROM ${base}\nRUN echo made for ${name} > /made\n`,
      );
      const image = await pulled(registry, job.target.repository, '1');
      expect(image.digest).toBe(digest);
      expect(image.layers.at(-1)?.bytes.includes(`made for ${name}`)).toBe(
        true,
      );
      expect(recording.step('RUN echo')).toMatchObject({ state: 'done' });
      expect(recording.step('push to')).toMatchObject({ state: 'done' });
      expect(recording.output('stdout')).toContain(digest);
    },
  );

  it('takes a step it has run before from its cache, and runs it again when told to', async () => {
    const dockerfile = `FROM ${base}\nRUN echo ${crypto.randomUUID()} > /made\n`;
    const build = async (job: Job) => {
      const recording = new Recording();
      await engine.build(input(job, dockerfile), recording.emit, never);
      await engine.discard(job);
      return recording.step('RUN echo');
    };
    expect(await build(begin(env.registries.plain))).toMatchObject({
      cached: false,
    });
    // Removing the image did not remove the layer from the cache.
    expect(await build(begin(env.registries.plain))).toMatchObject({
      cached: true,
    });
    const again = begin(env.registries.plain, { noCache: true });
    expect(await build(again)).toMatchObject({ cached: false });
  });

  it('leaves no image and no name behind, and can be told so twice', async () => {
    const job = begin(env.registries.plain);
    const { imageId } = await buildAndPush(
      job,
      `FROM ${base}\nRUN echo ${job.buildId} > /made\n`,
    );
    expect(await localNames(docker, imageId)).toHaveLength(2);
    await engine.discard(job);
    expect(await localNames(docker, job.buildId)).toEqual([]);
    expect(await localNames(docker, job.target.repository)).toEqual([]);
    expect(await holds(docker, imageId)).toBe(false);
    await engine.discard(job);
  });

  it('gives a name back that it borrowed for a push', async () => {
    const job = begin(env.registries.plain);
    const theirs = begin(env.registries.plain);
    await engine.build(
      input(theirs, `FROM ${base}\nRUN echo theirs > /made\n`),
      () => {},
      never,
    );
    const { host, repository, tag } = job.target;
    await docker
      .getImage(`imageyard-build:${theirs.buildId}-1`)
      .tag({ repo: `${host}/${repository}`, tag });
    const before = await localNames(docker, repository);
    const { digest, imageId } = await buildAndPush(
      job,
      `FROM ${base}\nRUN echo ${job.buildId} > /made\n`,
    );
    expect(await localNames(docker, repository)).not.toEqual(before);
    await engine.discard(job);
    expect(before).toHaveLength(1);
    expect(await localNames(docker, repository)).toEqual(before);
    expect(await localNames(docker, job.buildId)).toEqual([]);
    expect(await holds(docker, imageId)).toBe(false);
    const image = await pulled(env.registries.plain, repository, tag);
    expect(image.digest).toBe(digest);
    expect(image.layers.at(-1)?.bytes.includes(job.buildId)).toBe(true);
    await docker.getImage(job.imageName).remove();
  });

  it('is read back by digest, and knows an image that is not the one built here', async () => {
    const job = begin(env.registries.plain);
    const { digest, imageId } = await buildAndPush(
      job,
      `FROM ${base}\nRUN echo ${job.buildId} > /made\n`,
    );
    expect(await readBack(job, { digest, imageId }, never)).toBe('confirmed');
    const other = `sha256:${'0'.repeat(64)}`;
    expect(await readBack(job, { digest, imageId: other }, never)).toBe(
      'contradicted',
    );
    expect(await readBack(job, { digest: other, imageId }, never)).toBe(
      'contradicted',
    );
    const nowhere = { ...job, target: { ...job.target, host: '127.0.0.1:9' } };
    expect(await readBack(nowhere, { digest, imageId }, never)).toBe('unknown');
  });

  it('keeps every one of 200,000 lines, in order, and both streams apart', async () => {
    const job = begin(env.registries.plain, { noCache: true });
    const recording = new Recording();
    // In twenty parts, because Docker 20.10 loses its progress after more than 1 MiB at once.
    const outcome = await engine.build(
      input(
        job,
        `FROM ${base}\nRUN for part in $(seq 0 19); do seq $((part * 10000 + 1)) $((part * 10000 + 10000)); sleep 0.2; done; echo grün 😀 >&2\n`,
      ),
      recording.emit,
      never,
    );
    expect(outcome.ok).toBe(true);
    const lines = recording.output('stdout').trimEnd().split('\n');
    const wrong = lines.findIndex((line, index) => line !== String(index + 1));
    expect([wrong, lines.length]).toEqual([-1, 200_000]);
    expect(recording.output('stderr')).toBe('grün 😀\n');
    expect(recording.events.some(({ kind }) => kind === 'clipped')).toBe(false);
  });

  it('ends a build whose step prints 12 MB at once, and says so where the log is not whole', async () => {
    const job = begin(env.registries.plain, { noCache: true });
    const recording = new Recording();
    const outcome = await engine.build(
      input(job, `FROM ${base}\nRUN seq -f '%.0f ${'x'.repeat(50)}' 200000\n`),
      recording.emit,
      never,
    );
    expect(outcome.ok).toBe(true);
    const lines = recording.output('stdout').trimEnd().split('\n');
    const wrong = lines.findIndex(
      (line, index) => line !== `${index + 1} ${'x'.repeat(50)}`,
    );
    const isWhole = wrong === -1 && lines.length === 200_000;
    const isClipped = recording.events.some(({ kind }) => kind === 'clipped');
    expect(isWhole || isClipped).toBe(true);
  });
});
