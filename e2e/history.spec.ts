import type { Page } from '@playwright/test';
import type { App } from '@/e2e/support/app';
import { ensureTestRegistry, enter, fillSpec } from '@/e2e/support/site';
import { storeBuild, type StoredBuild } from '@/e2e/support/stored-build';
import { expect, test } from '@/e2e/support/test';
import { testEnv } from '@/e2e/support/test-env';
import { expectUsable } from '@/e2e/support/usable';

// Short: its links are less of a row than the words around them.
const NAME = 'yore';
const digest = (sign: string) => `sha256:${sign.repeat(64)}`;
const layer = (sign: string, sizeBytes: number) => ({
  digest: digest(sign),
  sizeBytes,
  madeBy: `RUN make ${sign} ${'--with-a-long-option '.repeat(20)}`,
});
const BASE = 'docker.io/library/debian:bookworm-slim';

test.describe.configure({ timeout: 300_000 });

/** The spec, and its builds from the oldest on: published from the cache, failed, published on another base. */
let spec = '';
let ids: string[] = [];

/** A build that took `seconds` on the base of a digest; what stands on the base came from the cache, or ran. */
function staged(
  at: number,
  base: string,
  cached: boolean,
  seconds: number,
  rest: Partial<StoredBuild>,
): StoredBuild {
  const times = { startedAt: at + 2_000, completedAt: at + seconds * 1000 };
  return {
    specName: NAME,
    state: 'published',
    createdAt: at,
    startedAt: at + 1_000,
    finishedAt: at + seconds * 1000,
    steps: [
      {
        key: `f${base}`,
        name: `FROM ${BASE}@${digest(base)}`,
        ...times,
        cached,
      },
      {
        key: `a${base}`,
        name: 'RUN apt-get install -y git',
        parents: [`f${base}`],
        ...times,
        cached,
      },
      {
        key: `p${base}`,
        name: `RUN uv pip install ${base}`,
        parents: [`a${base}`],
        ...times,
      },
    ],
    lines: [],
    bases: [{ reference: BASE, digest: digest(base) }],
    ...rest,
  };
}

test.beforeEach(async ({ page, app }) => {
  await enter(page, app);
  if (ids.length > 0) return;
  await ensureTestRegistry(page, app, 'plain');
  await fillSpec(page, app, {
    name: NAME,
    registryName: 'plain',
    registry: testEnv().registries.plain,
    aptPackages: ['git'],
  });
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.waitForURL(/\/specs\/[0-9a-f-]{36}$/);
  spec = page.url().split('/').at(-1) ?? '';
  const now = Date.now();
  const builds = [
    staged(now - 300_000, 'a', true, 20, {
      digest: digest('1'),
      layers: [layer('a', 50_000_000), layer('b', 10_000_000)],
    }),
    staged(now - 200_000, 'a', true, 10, {
      state: 'failed',
      failure: { code: 'BUILD_STEP_FAILED', message: 'The step failed.' },
    }),
    staged(now - 100_000, 'b', false, 90, {
      digest: digest('2'),
      layers: [layer('a', 50_000_000), layer('c', 90_000_000)],
    }),
  ];
  const stored: string[] = [];
  for (const build of builds) stored.push(await storeBuild(app, build));
  ids = stored;
});

const open = (page: Page, app: App, path: string) =>
  page.goto(`${app.url}${path}`);
const rows = (page: Page) =>
  page.getByRole('table', { name: 'Builds' }).locator('tbody tr');
const bars = (page: Page, name: RegExp) =>
  page.getByRole('list', { name }).getByRole('link');

test('filters live in the address, and the bars follow them', async ({
  page,
  app,
}) => {
  await open(page, app, `/builds?spec=${spec}`);
  await expect(rows(page)).toHaveCount(3);
  await expect(bars(page, /^Last 3 builds/)).toHaveCount(3);
  await page.getByRole('combobox', { name: 'State' }).click();
  await page.getByRole('option', { name: 'Failed' }).click();
  await expect(page).toHaveURL(/state=failed/);
  await expect(rows(page)).toHaveCount(1);
  await expect(page.getByText('1 build', { exact: true })).toBeVisible();
  await expect(bars(page, /^Last build/)).toHaveCount(1);
  await page.goBack();
  await expect(rows(page)).toHaveCount(3);
  await page.getByRole('button', { name: 'Reset the filter' }).click();
  await expect(page).toHaveURL(/\/builds$/);
});

test('the list is searched and sorted, and says so when nothing fits', async ({
  page,
  app,
}) => {
  await open(page, app, `/builds?spec=${spec}`);
  await page.getByRole('combobox', { name: 'Order' }).click();
  await page.getByRole('option', { name: 'Longest first' }).click();
  await expect(page).toHaveURL(/sort=longest/);
  await expect(rows(page).nth(0)).toContainText('1 m 29 s');
  await expect(rows(page).nth(0)).toContainText('0 % cached');
  await expect(rows(page).nth(1)).toContainText('67 % cached');
  const search = page.getByRole('searchbox', { name: /digest/ });
  await search.fill(digest('2').slice(0, 16));
  await search.press('Enter');
  await expect(rows(page)).toHaveCount(1);
  await search.fill('no such build');
  await search.press('Enter');
  await expect(page.getByText('No builds here')).toBeVisible();
});

test('a bar says what its build did and leads to it, also by keyboard', async ({
  page,
  app,
}) => {
  await open(page, app, `/builds?spec=${spec}`);
  const newest = bars(page, /^Last 3 builds/).last();
  await expect(newest).toHaveAccessibleName(
    /: published, ran 1 m 29 s, 0 of 3 steps from the cache, 140\.0 MB$/,
  );
  await newest.focus();
  await page.keyboard.press('ArrowLeft');
  await expect(bars(page, /^Last 3 builds/).nth(1)).toBeFocused();
  await page.keyboard.press('Home');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`/builds/${ids[0]}$`));
});

test('the builds of a spec show size and cached share of what was published', async ({
  page,
  app,
}) => {
  await open(page, app, `/specs/${spec}/builds`);
  await expect(bars(page, /^Last 3 builds/)).toHaveCount(3);
  await expect(bars(page, /^Image size/)).toHaveCount(2);
  await expect(bars(page, /^From the cache/)).toHaveCount(2);
  await expect(page.getByText('140.0 MB now')).toBeVisible();
  await bars(page, /^Image size/)
    .first()
    .click();
  await expect(page).toHaveURL(new RegExp(`/builds/${ids[0]}$`));
});

test('two builds of the list are compared', async ({ page, app }) => {
  await open(page, app, `/builds?spec=${spec}`);
  await rows(page).nth(0).getByRole('checkbox').check();
  await expect(page.getByText(/is chosen\. Choose another/)).toBeVisible();
  await rows(page).nth(2).getByRole('checkbox').check();
  await page.getByRole('link', { name: /^Compare #\d+ with #\d+$/ }).click();
  await expect(page).toHaveURL(
    new RegExp(`/builds/compare\\?a=${ids[0]}&b=${ids[2]}$`),
  );
  const main = page.getByRole('main');
  await expect(
    main.getByText(/^The cache broke at step 1: FROM/),
  ).toBeVisible();
  await expect(main.getByText('The base image is another one.')).toBeVisible();
  await expect(main.getByText(/^Both were built from revision/)).toBeVisible();
  await expect(main.getByText('another digest')).toBeVisible();
  await expect(main.getByText('+ 80.0 MB')).toBeVisible();
  await expect(
    main.getByText('They share 1 layer, 50.0 MB.', { exact: false }),
  ).toBeVisible();
  const steps = page.getByRole('table', { name: 'Steps' }).locator('tbody tr');
  await expect(steps.nth(0)).toContainText('other image');
  await expect(steps.nth(1)).toContainText('ran again');
  await expect(steps.nth(2)).toContainText('other text');
  await page.getByRole('link', { name: 'Swap' }).click();
  await expect(steps.nth(1)).toContainText('newly cached');
});

test('a build is compared with the one before it', async ({ page, app }) => {
  await open(page, app, `/builds/${ids[2]}`);
  await page.getByRole('link', { name: /^Compare with #\d+, the one/ }).click();
  await expect(page).toHaveURL(new RegExp(`a=${ids[1]}&b=${ids[2]}$`));
  await open(page, app, `/builds/${ids[0]}`);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.getByRole('link', { name: /^Compare with/ })).toHaveCount(
    0,
  );
});

for (const { colorScheme, width } of [
  { colorScheme: 'light', width: 1280 },
  { colorScheme: 'dark', width: 390 },
] as const)
  test(`lists, trends and the comparison can be used by everybody, ${colorScheme} and ${width} px wide`, async ({
    page,
    app,
  }) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 800 });
    for (const path of [
      `/builds?spec=${spec}`,
      `/builds?spec=${spec}&worker=${spec}`,
      `/specs/${spec}/builds`,
      `/builds/compare?a=${ids[0]}&b=${ids[2]}`,
      `/builds/compare?a=${ids[1]}&b=${ids[1]}`,
    ]) {
      await open(page, app, path);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      if (path.endsWith(spec) || path.endsWith('/builds'))
        await expect(rows(page)).toHaveCount(path.includes('worker') ? 0 : 3);
      await expectUsable(page, path);
    }
    await open(page, app, `/builds?spec=${spec}`);
    await rows(page).nth(0).getByRole('checkbox').check();
    await expectUsable(page, 'one build is chosen');
  });
