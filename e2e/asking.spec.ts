import type { Page } from '@playwright/test';
import type { App } from '@/e2e/support/app';
import { skopeo } from '@/e2e/support/engine';
import {
  ensureRegistry,
  enter,
  expectState,
  fillSpec,
  readJson,
  saveAndBuild,
} from '@/e2e/support/site';
import { expect, test } from '@/e2e/support/test';
import { testEnv } from '@/e2e/support/test-env';
import { expectUsable } from '@/e2e/support/usable';
import type { SpecView } from '@/lib/build/spec-views';
import type { BuildView } from '@/lib/build/views';

test.describe.configure({ mode: 'serial', timeout: 300_000 });

const BUILD = /\/builds\/[0-9a-f-]{36}$/;
const RUN = Date.now();

test.beforeEach(async ({ page, app }) => {
  await enter(page, app);
  await ensureRegistry(page, app, {
    name: 'asking',
    registry: testEnv().registries.plain,
    namespace: 'asking',
  });
});

async function setPaused(page: Page, app: App, isPaused: boolean) {
  await page.goto(`${app.url}/workers`);
  await page.getByRole('link', { name: 'local', exact: true }).click();
  await page
    .getByRole('button', { name: isPaused ? 'Pause' : 'Take builds again' })
    .click();
  await expect(
    page.getByText(isPaused ? 'Paused' : 'Online', { exact: true }),
  ).toBeVisible();
}

const fill = (page: Page, app: App, name: string) =>
  fillSpec(page, app, {
    name: `${name}-${RUN}`,
    registryName: 'asking',
    registry: testEnv().registries.plain,
  });

const build = (page: Page) =>
  page.getByRole('button', { name: 'Build', exact: true }).click();

const readBuild = (page: Page, app: App) =>
  readJson<BuildView>(page, `${app.url}/api/builds/${page.url().slice(-36)}`);

test('the same asked for twice is one build, and a newer revision takes its place', async ({
  page,
  app,
}) => {
  await setPaused(page, app, true);
  await fill(page, app, 'queued');
  const first = await saveAndBuild(page);
  const { spec } = await readBuild(page, app);
  await page.goto(`${app.url}/specs/${spec.id}`);
  await page
    .getByRole('button', { name: 'Change how long a build may take' })
    .click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(/^Minutes a build may take/).fill('45');
  await dialog.getByLabel(/^Minutes it may print nothing/).fill('50');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog.getByText(/it would never count/)).toBeVisible();
  await dialog.getByLabel(/^Minutes it may print nothing/).fill('');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('45 min, 30 min without output')).toBeVisible();
  await build(page);
  await page.waitForURL(BUILD);
  expect(page.url().slice(-36)).toBe(first);
  await expect(page.getByText('2 h, 30 min without output')).toBeVisible();

  await page.goto(`${app.url}/specs/${spec.id}/edit`);
  await page.getByLabel('Environment').fill('MODE=newer');
  const second = await saveAndBuild(page);
  expect(second).not.toBe(first);
  await expect(page.getByText('45 min, 30 min without output')).toBeVisible();
  const { number } = await readBuild(page, app);
  await page.goto(`${app.url}/builds/${first}`);
  await expect(page.getByText(/^Superseded by/)).toBeVisible();
  await page.setViewportSize({ width: 390, height: 800 });
  await expectUsable(page, 'a superseded build');
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.getByRole('link', { name: `#${number}`, exact: true }).click();
  await page.waitForURL(`${app.url}/builds/${second}`);

  await page.getByRole('button', { name: /^Cancel build/ }).click();
  await expectState(page, 'Cancelled', 15_000);
  await page.getByRole('button', { name: 'Retry' }).click();
  await page.getByRole('menuitem', { name: 'Retry this revision' }).click();
  await page.waitForURL((url) => !url.pathname.endsWith(second));
  await expect(page.getByText(`retry of #${number}`)).toBeVisible();
});

test('a tag of unknown origin is asked about before anything is built', async ({
  page,
  app,
}) => {
  const { registries, images } = testEnv();
  await fill(page, app, 'unknown');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.waitForURL(/\/specs\/[0-9a-f-]{36}$/);
  const address = page.url();
  const { revision } = await readJson<SpecView>(
    page,
    `${app.url}/api/specs/${address.slice(-36)}`,
  );
  await skopeo(
    'copy',
    '--src-tls-verify=false',
    '--dest-tls-verify=false',
    `docker://${registries.plain.host}/${images.base.name}:${images.base.tag}`,
    `docker://${revision.imageName}:${revision.tag}`,
  );
  await build(page);
  const question = page.getByRole('dialog', {
    name: 'This tag is in the registry already',
  });
  await expect(question.getByText(/origin unknown/)).toBeVisible();
  for (const width of [390, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    await expectUsable(page, `the question about a tag at ${width} px`);
  }
  await page.keyboard.press('Escape');
  await expect(question).toBeHidden();
  expect(page.url()).toBe(address);
  await build(page);
  await question.getByRole('button', { name: 'Use what is there' }).click();
  await page.waitForURL(BUILD);
  await expectState(page, 'Published', 15_000);
  await expect(page.getByText(/^Nobody here knows/)).toBeVisible();
  expect(await readBuild(page, app)).toMatchObject({
    digest: images.base.digest,
    attempts: [],
    ask: { reused: { by: null } },
  });

  await page.goto(address);
  await build(page);
  await question.getByRole('button', { name: 'Rebuild' }).click();
  await page.waitForURL(BUILD);
  await expectState(page, 'Queued', 15_000);
});

test('the specs of an import are asked for together, and listed so', async ({
  page,
  app,
}) => {
  const place = `registry="${testEnv().registries.plain.host}/asking"`;
  await page.goto(`${app.url}/tasks/import`);
  await page
    .getByLabel('Source')
    .fill(
      [
        'from flytekit import ImageSpec',
        `low = ImageSpec(name="low-${RUN}", ${place})`,
        `top = ImageSpec(name="top-${RUN}", base_image=low, ${place})`,
      ].join('\n'),
    );
  await page.getByRole('combobox', { name: 'Project' }).fill('asking');
  await page.getByRole('button', { name: 'Save 2 specs' }).click();
  await page.getByRole('button', { name: 'Build all 2 specs' }).click();
  await page.waitForURL(/\/builds\?batch=[0-9a-f-]{36}$/);
  for (const name of ['low', 'top'])
    await expect(
      page.getByRole('link', { name: new RegExp(`^${name}-${RUN}`) }).first(),
    ).toBeVisible();
  await expect(
    page.getByRole('link', { name: new RegExp(`^unknown-${RUN}`) }),
  ).toBeHidden();
  await page.getByRole('button', { name: 'Reset the filter' }).click();
  await expect(
    page.getByRole('link', { name: new RegExp(`^unknown-${RUN}`) }).first(),
  ).toBeVisible();
});

test('what was built here from the same is there at once', async ({
  page,
  app,
}) => {
  // Base and helper image lie outside the namespace, and are looked at, too.
  await ensureRegistry(page, app, {
    name: 'whole host',
    registry: testEnv().registries.plain,
    namespace: '',
  });
  await setPaused(page, app, false);
  await fill(page, app, 'same');
  await saveAndBuild(page);
  await expectState(page, 'Published');
  const made = await readBuild(page, app);
  await page.goto(`${app.url}/specs/${made.spec.id}`);
  await build(page);
  await page.waitForURL(BUILD);
  await expectState(page, 'Published', 15_000);
  await expect(page.getByText(/nothing was built/)).toBeVisible();
  expect(await readBuild(page, app)).toMatchObject({
    digest: made.digest,
    attempts: [],
    ask: { reused: { by: { id: made.id, number: made.number } } },
  });
  await page.goto(`${app.url}/specs/${made.spec.id}`);
  await page.getByRole('button', { name: 'More ways to build' }).click();
  await page.getByRole('menuitem', { name: 'Build without cache' }).click();
  await page.waitForURL(BUILD);
  expect((await readBuild(page, app)).ask.reused).toBeNull();
  await page.getByRole('button', { name: /^Cancel build/ }).click();
});
