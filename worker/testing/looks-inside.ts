import { describe, expect, it } from 'vitest';
import type { BuildEngine, OpenImage } from '@/lib/build/engine';
import { readPackages } from '@/worker/packages';
import {
  input,
  jobFor,
  realEngine,
  Recording,
} from '@/worker/testing/real-engine';

const never = new AbortController().signal;
const SITE = '/venv/lib/python3.11/site-packages';

/**
 * What a worker sees in an image that an engine built, without starting anything of it. `times` says whether its storage
 * keeps the times of files exactly, or in whole seconds.
 */
export function looksInside(
  given: () => BuildEngine,
  times: 'exact' | 'seconds',
): void {
  /** Builds these lines on the test's base and looks at the image. */
  async function lookAt<Seen>(
    lines: readonly string[],
    look: (image: OpenImage) => Promise<Seen>,
    signal = never,
  ): Promise<Seen> {
    const { env, base } = realEngine();
    const engine = given();
    const job = jobFor(env.registries.plain);
    const asked = input(job, [`FROM ${base}`, ...lines, ''].join('\n'));
    const built = await engine.build(asked, new Recording().emit, never);
    expect(built).toMatchObject({ ok: true });
    try {
      const image = await engine.open(asked, signal);
      try {
        return await look(image);
      } finally {
        await image.close();
      }
    } finally {
      await engine.discard(job);
    }
  }

  const changesIn = (...lines: string[]) =>
    lookAt(
      [
        `RUN mkdir -p ${SITE}/a-1.dist-info && ln -s ${SITE} /link && touch -d @1700000000 /old`,
        ...lines,
      ],
      async (image) => ({
        site: (await image.stat(SITE))?.changedAt,
        link: await image.stat('/link'),
        old: await image.stat('/old'),
        missing: await image.stat('/missing'),
      }),
    );

  describe('a look inside', () => {
    if (times === 'exact')
      it('tells when a folder last got or lost an entry, and of nothing else', async () => {
        const first = await changesIn();
        expect(first.site).toMatch(/[1-9]/);
        expect(first).toMatchObject({
          old: { changedAt: null },
          missing: null,
        });
        // Never the time of the link itself, which stays when what it leads to changes.
        expect([null, first.site]).toContain(first.link?.changedAt);
        const unrelated = await changesIn('RUN echo > /elsewhere');
        expect(unrelated.site).toBe(first.site);
        const added = await changesIn(`RUN mkdir ${SITE}/b-1.dist-info`);
        expect(added.site).not.toBe(first.site);
        const renamed = await changesIn(
          `RUN mv ${SITE}/a-1.dist-info ${SITE}/a-2.dist-info`,
        );
        expect(renamed.site).not.toBe(first.site);
      });
    else
      it('does not tell when a folder changed, which whole seconds do not', async () => {
        expect(await changesIn()).toEqual({
          site: null,
          link: { changedAt: null },
          old: { changedAt: null },
          missing: null,
        });
      });

    it('finds the packages of the system and of each environment', async () => {
      const { groups, missing } = await lookAt(
        [
          'ENV VIRTUAL_ENV=/venv',
          `RUN mkdir -p ${SITE}/Made-1.dist-info/licenses ${SITE}/old.egg-info ${SITE}/made \\`,
          ` && printf 'Name: Made\\nVersion: 1.2\\n\\n' | tee ${SITE}/Made-1.dist-info/METADATA > ${SITE}/made/METADATA \\`,
          ` && printf 'Name: old\\nVersion: 3\\n\\n' > ${SITE}/old.egg-info/PKG-INFO \\`,
          ` && printf 'Name: single\\nVersion: 4\\n\\n' > ${SITE}/single.egg-info \\`,
          // Whoever follows it reads the same twice.
          ` && ln -s Made-1.dist-info ${SITE}/Link-1.dist-info`,
          'RUN mkdir -p /venv/conda-meta && echo \'{"name": "zlib", "version": "1.3"}\' > /venv/conda-meta/zlib-1.3.json',
        ],
        (image) => readPackages(image, never),
      );
      expect(missing).toBeNull();
      const found = (kind: string, place: string) =>
        groups.find((group) => group.kind === kind && group.place === place)
          ?.packages;
      expect(found('python', SITE)).toEqual([
        ['Made', '1.2'],
        ['old', '3'],
        ['single', '4'],
      ]);
      expect(found('conda', '/venv/conda-meta')).toEqual([['zlib', '1.3']]);
      const system = found('dpkg', '/var/lib/dpkg/status');
      expect(system).toContainEqual(['dpkg', expect.stringMatching(/^1\./)]);
      expect(system?.length).toBeGreaterThan(80);
    });

    it('ends when it is told to', async () => {
      const stop = new AbortController();
      const { missing } = await lookAt(
        [],
        async (image) => {
          stop.abort();
          return readPackages(image, stop.signal);
        },
        stop.signal,
      );
      expect(missing).toContain('Reading took too long');
    });
  });
}
