import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Page } from '@playwright/test';
import type { App } from '@/e2e/support/app';
import {
  ensureRegistry,
  enter,
  fillSpec,
  readJson,
  saveAndBuild,
} from '@/e2e/support/site';
import { expect, test } from '@/e2e/support/test';
import { testEnv } from '@/e2e/support/test-env';
import type { BuildDefinitionView, BuildView } from '@/lib/build/views';
import { caBundle } from '@/worker/ca-bundle';
import { renderJob } from '@/worker/render';
import { testJob } from '@/worker/testing/test-job';

const run = promisify(execFile);
const PAIRS = 9;
const NETWORK_PAIRS = 3;
const POLL_MS = 20;
/** Debian's client, which speaks to BuildKit by itself; another `docker` may come first on the PATH. */
const DOCKER = process.env.IMAGEYARD_BENCH_DOCKER ?? '/usr/bin/docker';

/** Milliseconds from the click until the build is published, with its digest. */
async function untilDigest(
  page: Page,
  app: App,
  click: () => Promise<unknown>,
): Promise<{ ms: number; build: BuildView }> {
  const before = page.url();
  const begun = performance.now();
  await click();
  await page.waitForURL(
    ({ href, pathname }) =>
      href !== before && /\/builds\/[0-9a-f-]{36}$/.test(pathname),
    { waitUntil: 'commit' },
  );
  const address = `${app.url}/api/builds/${page.url().slice(-36)}`;
  for (;;) {
    const build = await readJson<BuildView>(page, address);
    if (build.state === 'published')
      return { ms: performance.now() - begun, build };
    if (build.failure) throw new Error(build.failure.message);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** Writes what the worker sent for a build as a folder that the client builds. */
async function writeContext(
  page: Page,
  app: App,
  build: BuildView,
  folder: string,
) {
  const { caBundleFile } = testEnv();
  const { revision } = await readJson<BuildDefinitionView>(
    page,
    `${app.url}/api/builds/${build.id}/definition`,
  );
  const { dockerfile, context } = renderJob(
    testJob([], {
      spec: revision.fields,
      specId: revision.flyteId,
      flytekitVersion: revision.flytekitVersion,
    }),
    null,
    caBundle(caBundleFile),
  );
  // Otherwise two things would be compared.
  expect(dockerfile).toBe(build.dockerfile);
  await rm(folder, { recursive: true, force: true });
  for (const [name, { bytes }] of context) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, bytes);
  }
  return dockerfile;
}

/** Milliseconds that the engine's own client takes to build and push a folder. */
async function buildByClient(
  folder: string,
  dockerfile: string,
  image: string,
  options: string[] = [],
): Promise<number> {
  const env = {
    ...process.env,
    DOCKER_HOST: testEnv().engine.host,
    DOCKER_BUILDKIT: '1',
  };
  await writeFile(path.join(folder, 'Dockerfile'), dockerfile);
  const begun = performance.now();
  await run(DOCKER, ['build', '-q', ...options, '-t', image, folder], { env });
  await run(DOCKER, ['push', '-q', image], { env });
  return performance.now() - begun;
}

const median = (list: readonly number[]) =>
  [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)] ?? 0;
const seconds = (ms: number) => (ms / 1_000).toFixed(2);

/** The medians and ranges of both, and of the ratio of each pair. */
function report(name: string, pairs: readonly (readonly [number, number])[]) {
  const line = (list: readonly number[], show: (value: number) => string) =>
    `${show(median(list))} (${show(Math.min(...list))} to ${show(Math.max(...list))})`;
  return {
    [name]: {
      pairs: pairs.length,
      'click to digest, s': line(
        pairs.map(([ours]) => ours),
        seconds,
      ),
      'docker build and push, s': line(
        pairs.map(([, cli]) => cli),
        seconds,
      ),
      ratio: line(
        pairs.map(([ours, cli]) => ours / cli),
        (value) => value.toFixed(2),
      ),
    },
  };
}

/** Pairs one after the other, who begins in turns. */
async function interleave(
  count: number,
  ours: (round: number) => Promise<number>,
  cli: (round: number) => Promise<number>,
): Promise<[number, number][]> {
  const pairs: [number, number][] = [];
  for (let round = 0; round < count; round += 1) {
    if (round % 2 === 0) {
      const first = await ours(round);
      pairs.push([first, await cli(round)]);
    } else {
      const first = await cli(round);
      pairs.push([await ours(round), first]);
    }
  }
  return pairs;
}

test('click to digest against the engine’s own client', async ({
  page,
  app,
}) => {
  const { plain } = testEnv().registries;
  const image = `${plain.host}/bench/cli:1`;
  const line = (who: string, round: number) =>
    `echo ${who} ${round} ${Date.now()} > /tmp/line`;
  await enter(page, app);
  await ensureRegistry(page, app, {
    name: 'bench',
    registry: plain,
    namespace: '',
  });
  const results = {};
  for (const [kind, env, count] of [
    // The first build fills uv's cache on the engine; from then on it takes everything from there.
    ['', [], 0],
    ['', ['UV_OFFLINE=1'], PAIRS],
    [' with network', ['UV_NO_CACHE=1'], NETWORK_PAIRS],
  ] as const) {
    const folder = await mkdtemp(path.join(tmpdir(), 'imageyard-bench-'));
    await fillSpec(page, app, {
      name: `bench-${Date.now()}`,
      registryName: 'bench',
      registry: plain,
      env: [...env],
      commands: [line('ours', 0)],
    });
    const { build } = await untilDigest(page, app, () => saveAndBuild(page));
    if (count === 0) continue;
    const dockerfile = await writeContext(page, app, build, folder);
    const spec = `${app.url}/specs/${build.spec.id}`;
    await buildByClient(folder, dockerfile, image);

    const withoutCache = async () => {
      await page.goto(spec);
      await page.getByRole('button', { name: 'More ways to build' }).click();
      const item = page.getByRole('menuitem', { name: 'Build without cache' });
      await item.waitFor();
      return (await untilDigest(page, app, () => item.click())).ms;
    };
    const lineChanged = async (round: number) => {
      await page.goto(`${spec}/edit`);
      await page.getByLabel('Commands').fill(line('ours', round + 1));
      const button = page.getByRole('button', { name: 'Save and build' });
      return (await untilDigest(page, app, () => button.click())).ms;
    };
    const rebuild = async () => {
      await page.goto(spec);
      await page
        .getByRole('link', { name: /^#\d+$/ })
        .first()
        .click();
      await page.getByRole('button', { name: 'Rebuild' }).click();
      const item = page.getByRole('menuitem', {
        name: 'Rebuild this revision',
      });
      await item.waitFor();
      return (await untilDigest(page, app, () => item.click())).ms;
    };
    const ask = async () => {
      await page.goto(spec);
      const button = page.getByRole('button', { name: 'Build', exact: true });
      await button.waitFor();
      return (await untilDigest(page, app, () => button.click())).ms;
    };
    const client = () => buildByClient(folder, dockerfile, image);
    Object.assign(
      results,
      report(
        `cold${kind}`,
        await interleave(count, withoutCache, () =>
          buildByClient(folder, dockerfile, image, ['--no-cache']),
        ),
      ),
    );
    if (kind === '') {
      Object.assign(
        results,
        report(
          'one line changed',
          await interleave(count, lineChanged, (round) =>
            buildByClient(
              folder,
              dockerfile.replace(/echo ours .*/, line('cli', round)),
              image,
            ),
          ),
        ),
        report(
          'nothing to do, built',
          await interleave(count, rebuild, client),
        ),
        report(
          'nothing to do, asked for',
          await interleave(count, ask, client),
        ),
      );
    }
    await rm(folder, { recursive: true, force: true });
  }
  console.table(results);
});
