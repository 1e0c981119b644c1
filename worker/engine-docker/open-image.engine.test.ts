import { expect, it } from 'vitest';
import {
  input,
  jobFor,
  realEngine,
  Recording,
} from '@/worker/testing/real-engine';

const { engine, env, base } = realEngine();
const never = new AbortController().signal;
const SITE = '/venv/lib/python3.11/site-packages';

/** When the folder of packages changed in an image of these lines, and a link to it did. */
async function changesIn(...lines: string[]) {
  const job = jobFor(env.registries.plain);
  const dockerfile = [
    `FROM ${base}`,
    `RUN mkdir -p ${SITE}/a-1.dist-info && ln -s ${SITE} /link && touch -d @1700000000 /old`,
    ...lines,
    '',
  ].join('\n');
  const built = await engine.build(
    input(job, dockerfile),
    new Recording().emit,
    never,
  );
  expect(built).toMatchObject({ ok: true });
  const image = await engine.open(job, never);
  try {
    const stat = async (place: string) => image?.stat(place);
    return {
      site: (await stat(SITE))?.changedAt,
      link: await stat('/link'),
      old: await stat('/old'),
      missing: await stat('/missing'),
    };
  } finally {
    await image?.close();
    await engine.discard(job);
  }
}

it('tells when a folder last got or lost an entry, and of nothing else', async () => {
  const first = await changesIn();
  expect(first.site).toMatch(/\.\d+/);
  expect(first).toMatchObject({
    link: { changedAt: null },
    old: { changedAt: null },
    missing: null,
  });
  const unrelated = await changesIn('RUN echo > /elsewhere');
  expect(unrelated.site).toBe(first.site);
  const added = await changesIn(`RUN mkdir ${SITE}/b-1.dist-info`);
  expect(added.site).not.toBe(first.site);
  const renamed = await changesIn(
    `RUN mv ${SITE}/a-1.dist-info ${SITE}/a-2.dist-info`,
  );
  expect(renamed.site).not.toBe(first.site);
});
