import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from '@playwright/test';
import type { App } from '@/e2e/support/app';
import { runInImage, skopeo } from '@/e2e/support/engine';
import { listProcesses } from '@/e2e/support/processes';
import {
  ensureTestRegistry,
  enter,
  expectState,
  fillSpec,
  readJson,
  saveAndBuild,
} from '@/e2e/support/site';
import { expect, test } from '@/e2e/support/test';
import { testEnv } from '@/e2e/support/test-env';
import { expectUsable } from '@/e2e/support/usable';
import { until } from '@/e2e/support/until';
import type { BuildView } from '@/lib/build/views';
import type { ImageView } from '@/lib/registry/views';

const BUILD_MS = 300_000;
const WORKFLOW = `
from flytekit import task, workflow
import tabulate


@task
def table() -> str:
    return tabulate.tabulate([["imageyard", 42]], tablefmt="plain")


@workflow
def wf() -> str:
    return table()
`;

test.describe.configure({ mode: 'serial', timeout: 2 * BUILD_MS });

const kinds = ['tls', 'plain', 'password'] as const;
type Kind = (typeof kinds)[number];
const published = new Map<Kind, BuildView>();

const readBuild = (page: Page, app: App, id: string) =>
  readJson<BuildView>(page, `${app.url}/api/builds/${id}`);
const readImage = (page: Page, app: App, build: BuildView) =>
  readJson<ImageView>(
    page,
    `${app.url}/api/images/${build.repository.id}/${build.digest ?? ''}`,
  );

function publishedOn(kind: Kind): BuildView {
  const build = published.get(kind);
  if (!build) throw new Error(`Nothing was published on ${kind}.`);
  return build;
}

test.beforeEach(async ({ page, app }) => {
  await enter(page, app);
  for (const kind of kinds) {
    await ensureTestRegistry(page, app, kind);
  }
});

const VERDICTS = {
  tls: 'Public',
  plain: 'Plain http',
  password: 'Private',
} as const;

for (const kind of kinds) {
  test(`a spec is built, pushed and read back on the ${kind} registry, and is told to be ${VERDICTS[kind]}`, async ({
    page,
    app,
  }) => {
    await fillSpec(page, app, {
      name: `walk-${kind}`,
      registryName: kind,
      registry: testEnv().registries[kind],
      packages: ['tabulate==0.9.0'],
      aptPackages: ['tree'],
      env: ['GREETING=hello "world"'],
    });
    await expect(page.getByText(`acme/walk-${kind}:`).first()).toBeVisible();
    const id = await saveAndBuild(page);
    await expectState(page, 'Published', BUILD_MS);
    const build = await readBuild(page, app, id);
    expect(build).toMatchObject({
      state: 'published',
      verifiedBy: 'server',
      attempts: [{ log: 'complete' }],
    });
    published.set(kind, build);
    await expectVerdict(page, VERDICTS[kind]);
    await page.goto(
      `${app.url}/images/${build.repository.id}/${build.digest ?? ''}`,
    );
    await expectVerdict(page, VERDICTS[kind]);
    const raw = await skopeo(
      'inspect',
      '--raw',
      ...(kind === 'plain' ? ['--tls-verify=false'] : []),
      `docker://${build.repository.name}@${build.digest ?? ''}`,
    );
    expect(raw).toContain('"layers"');
  });
}

/** The page says the verdict, with its evidence, on a desk and on a phone. */
async function expectVerdict(page: Page, verdict: string): Promise<void> {
  await expect(
    page.getByRole('main').getByText(verdict, { exact: true }).first(),
  ).toBeVisible({ timeout: 30_000 });
  for (const width of [390, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    await expectUsable(page, `${page.url()} at ${width} px`);
  }
}

test('a Flyte task that uses the package runs in the pushed image as its own user', async () => {
  const build = publishedOn('tls');
  const folder = await mkdtemp(path.join(testEnv().folder, 'flow-'));
  try {
    // The image's own user has to read it.
    await chmod(folder, 0o755);
    await writeFile(path.join(folder, 'wf.py'), WORKFLOW);
    const image = `${build.repository.name}@${build.digest ?? ''}`;
    const script =
      'id -un; pwd; echo "$GREETING"; command -v tree; pyflyte run /flow/wf.py wf';
    const output = await runInImage(
      image,
      ['bash', '-c', script],
      [`${folder}:/flow:ro`],
    );
    expect(output).toMatch(
      /^flytekit\r?\n\/root\r?\nhello "world"\r?\n\/usr\/bin\/tree\r?\n/,
    );
    expect(output).toContain('imageyard  42');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('an edited spec gives another revision, tag and digest', async ({
  page,
  app,
}) => {
  const before = publishedOn('plain');
  await page.goto(`${app.url}/specs/${before.spec.id}/edit`);
  await page.getByLabel('Environment').fill('GREETING=goodbye');
  await saveAndBuild(page);
  await expectState(page, 'Published', BUILD_MS);
  const after = await readBuild(page, app, page.url().slice(-36));
  expect(after.revision.number).toBe(before.revision.number + 1);
  expect(after.tag).not.toBe(before.tag);
  expect(after.digest).not.toBe(before.digest);
});

test('tasks follow a tag that moves, and stay where they are pinned', async ({
  page,
  app,
}) => {
  const build = publishedOn('tls');
  const name = build.repository.name;
  const source = [
    'from flytekit import task',
    `@task(container_image="${name}:${build.tag}")`,
    'def floats():\n    pass',
    `@task(container_image="${name}@${build.digest ?? ''}")`,
    'def pinned():\n    pass',
  ].join('\n');
  await page.goto(`${app.url}/tasks/import`);
  await page.getByLabel('Source').fill(source);
  await page.getByRole('button', { name: 'Save 2 tasks' }).click();
  await expect(page.getByText('Imported', { exact: true })).toBeVisible();
  const digestOf = async (task: string) => {
    const { items } = await readJson<{
      items: {
        name: string;
        version: { images: { digest: string | null }[] };
      }[];
    }>(page, `${app.url}/api/tasks`);
    return items.find((item) => item.name.endsWith(task))?.version.images[0]
      ?.digest;
  };
  await expect.poll(() => digestOf('.floats')).toBe(build.digest);
  expect(await digestOf('.pinned')).toBe(build.digest);
  await page.goto(
    `${app.url}/images/${build.repository.id}/${build.digest ?? ''}`,
  );
  await expect(page.getByText('Used by 2 tasks')).toBeVisible();

  const { base } = testEnv().images;
  const host = testEnv().registries.tls.host;
  await skopeo(
    'copy',
    `docker://${host}/${base.name}:${base.tag}`,
    `docker://${name}:${build.tag}`,
  );
  await page.getByRole('button', { name: 'Look at tags now' }).click();
  await expect.poll(() => digestOf('.floats')).toBe(base.digest);
  expect(await digestOf('.pinned')).toBe(build.digest);
});

test('a layer deleted behind our back is found by checking again', async ({
  page,
  app,
}) => {
  const build = publishedOn('tls');
  const image = await readImage(page, app, build);
  const layer = image.layers.at(-1)?.digest ?? '';
  const place = build.repository.name.split('/').slice(1).join('/');
  const remove = await page.request.delete(
    `${testEnv().registries.tls.url}/v2/${place}/blobs/${layer}`,
    {
      ignoreHTTPSErrors: true,
    },
  );
  expect(remove.status()).toBe(202);
  await page.goto(
    `${app.url}/images/${build.repository.id}/${build.digest ?? ''}`,
  );
  await page.getByRole('button', { name: 'Check again' }).click();
  await expect(
    page.getByRole('main').getByText('Partly public', { exact: true }).first(),
  ).toBeVisible();
});

test('a failing command gives a failed build with its step and last lines on top', async ({
  page,
  app,
}) => {
  await fillSpec(page, app, {
    name: 'walk-fails',
    registryName: 'plain',
    registry: testEnv().registries.plain,
    commands: ['echo the last words && exit 7'],
  });
  const id = await saveAndBuild(page);
  await expect(page.getByText(/^Failed/).first()).toBeVisible({
    timeout: BUILD_MS,
  });
  await expect(page.getByText('the last words').first()).toBeVisible();
  const build = await readBuild(page, app, id);
  expect(build).toMatchObject({
    state: 'failed',
    digest: null,
    failure: { code: 'BUILD_COMMAND_FAILED', exitCode: 7 },
  });
  expect(
    build.steps.find(({ key }) => key === build.failure?.step),
  ).toMatchObject({ state: 'failed' });
});

test('the process of a cancelled build is gone within three seconds, also in a silent step', async ({
  page,
  app,
}) => {
  const seconds = `4${String(Date.now()).slice(-4)}`;
  await fillSpec(page, app, {
    name: 'walk-cancelled',
    registryName: 'plain',
    registry: testEnv().registries.plain,
    commands: [`sleep ${seconds}`],
  });
  await saveAndBuild(page);
  const sleeps = () =>
    listProcesses().some(({ command }) => command === `sleep ${seconds}`);
  await until('The silent step', sleeps, BUILD_MS);
  await page.getByRole('button', { name: /^Cancel/ }).click();
  await until('The end of the process', () => !sleeps(), 3_000);
  await expectState(page, 'Cancelled', 30_000);
  await expect(page.getByText('Ada').first()).toBeVisible();
});

test('a queued build is cancelled at once, and eight open tabs of a running one still answer', async ({
  page,
  context,
  app,
}) => {
  await fillSpec(page, app, {
    name: 'walk-tabs',
    registryName: 'plain',
    registry: testEnv().registries.plain,
    commands: ['for i in $(seq 1 3000); do echo "tick $i"; sleep 0.1; done'],
  });
  const id = await saveAndBuild(page);
  await expectState(page, 'Building', 60_000);
  const tabs = await Promise.all(
    Array.from({ length: 7 }, () => context.newPage()),
  );
  await Promise.all(tabs.map((tab) => tab.goto(`${app.url}/builds/${id}`)));
  for (const tab of [page, ...tabs]) {
    await tab.bringToFront();
    await expect(tab.getByRole('heading', { name: /walk-tabs/ })).toBeVisible();
  }
  await page.bringToFront();
  await page.goto(`${app.url}/workers`);
  await page.getByRole('link', { name: 'local', exact: true }).click();
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(page.getByText('Draining', { exact: true })).toBeVisible();

  const waiting = publishedOn('plain');
  await page.goto(`${app.url}/builds/${waiting.id}`);
  await page.getByRole('button', { name: 'Rebuild' }).click();
  await page.getByRole('menuitem', { name: 'Rebuild this revision' }).click();
  await expectState(page, 'Queued', 30_000);
  await expect(page.getByText('Every worker is paused: local.')).toBeVisible();
  await page.getByRole('button', { name: /^Cancel/ }).click();
  await expectState(page, 'Cancelled', 15_000);

  await page.goto(`${app.url}/builds/${id}`);
  await page.getByRole('button', { name: /^Cancel/ }).click();
  await expectState(page, 'Cancelled', 30_000);
  await page.goto(`${app.url}/workers`);
  await page.getByRole('link', { name: 'local', exact: true }).click();
  await page.getByRole('button', { name: 'Take builds again' }).click();
  await expect(page.getByText('Online', { exact: true })).toBeVisible();
  await Promise.all(tabs.map((tab) => tab.close()));
});
