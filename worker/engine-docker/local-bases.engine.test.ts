import { afterAll, expect, it } from 'vitest';
import { imageIn } from '@/e2e/support/test-env';
import { basesOf } from '@/lib/build/bases';
import {
  input,
  jobFor,
  realEngine,
  Recording,
} from '@/worker/testing/real-engine';

const { docker, engine, env } = realEngine();
const { plain } = env.registries;
const base = imageIn(plain, env.images.base);
const job = jobFor(plain);

afterAll(async () => {
  await engine.discard(job);
  await docker.getImage(base).remove();
});

it('names the digest of a base the engine has already', async () => {
  const pulling = await docker.pull(base);
  await new Promise<void>((resolve, reject) =>
    docker.modem.followProgress(pulling, (error) =>
      error ? reject(error) : resolve(),
    ),
  );
  const recording = new Recording();
  const built = await engine.build(
    input(job, `FROM ${base}\nRUN true\n`),
    recording.emit,
    new AbortController().signal,
  );
  expect(built.ok).toBe(true);
  expect(basesOf(recording.steps.map(({ name }) => name))).toEqual([
    { reference: base, digest: env.images.base.digest },
  ]);
});
