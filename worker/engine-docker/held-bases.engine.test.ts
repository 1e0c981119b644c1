import { PassThrough } from 'node:stream';
import { afterAll, expect, it } from 'vitest';
import { pack } from 'tar-stream';
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

/** Has the engine hold an image without a single program under this name. */
async function hold(reference: string): Promise<void> {
  const at = reference.lastIndexOf(':');
  const files = pack();
  files.entry({ name: 'old' }, 'old');
  files.finalize();
  const told = await docker.importImage(files.pipe(new PassThrough()), {
    repo: reference.slice(0, at),
    tag: reference.slice(at + 1),
  });
  await new Promise<void>((resolve, reject) =>
    docker.modem.followProgress(told, (error) =>
      error ? reject(error) : resolve(),
    ),
  );
}

it('asks the registry for a base, also when the engine holds one of that name', async () => {
  await hold(base);
  const recording = new Recording();
  const built = await engine.build(
    input(job, `FROM ${base}\nRUN true\n`),
    recording.emit,
    new AbortController().signal,
  );
  expect(built).toMatchObject({ ok: true });
  expect(basesOf(recording.steps.map(({ name }) => name))).toEqual([
    { reference: base, digest: env.images.base.digest },
  ]);
});
