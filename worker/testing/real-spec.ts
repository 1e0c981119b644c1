import { expect, it } from 'vitest';
import { imageIn, testEnv } from '@/e2e/support/test-env';
import { parseImageSpec } from '@/lib/imagespec/schema';
import { specId } from '@/lib/imagespec/tag';
import type { BuildEngine } from '@/lib/build/engine';
import { fitted, readyEngine } from '@/worker/engine-limits';
import { renderJob } from '@/worker/render';
import { jobFor, Recording } from '@/worker/testing/real-engine';

/**
 * A spec, from its fields to the files of its image: what its steps were lent is not among them, however the engine lends
 * it. It installs nothing, so that no certificate is needed.
 */
export function buildsRealSpecs(given: () => BuildEngine): void {
  it('builds a spec, and leaves nothing in the image of what its steps were lent', async () => {
    const { registries, images } = testEnv();
    const signal = new AbortController().signal;
    const spec = parseImageSpec({
      base_image: imageIn(registries.plain, images.base),
      python_exec: '/usr/bin/python3',
      packages: ['flytekit @ file:///wheels/none ; python_version < "3"'],
      commands: ['uv --version > /made'],
    });
    const job = jobFor(registries.plain, {
      spec,
      specId: specId(spec),
      helperImages: {
        uv: imageIn(registries.plain, images.uv),
        micromamba: null,
      },
    });
    const engine = given();
    const report = await readyEngine(engine);
    const input = fitted(renderJob(job, null, null), report);
    const recording = new Recording();
    const outcome = await engine.build(input, recording.emit, signal);
    expect(outcome).toMatchObject({ ok: true });
    const image = await engine.open(input, signal);
    try {
      const wanted = ['/made', '/root/.venv/bin/python'];
      const lent = ['/usr/bin/uv', '/root/requirements_uv.txt'];
      const isThere = async (file: string) => [
        file,
        Boolean(await image.stat(file)),
      ];
      expect(await Promise.all([...wanted, ...lent].map(isThere))).toEqual([
        ...wanted.map((file) => [file, true]),
        ...lent.map((file) => [file, false]),
      ]);
    } finally {
      await image.close();
      await engine.discard(job);
    }
  });
}
