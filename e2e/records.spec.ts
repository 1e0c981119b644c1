import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import type { App } from '@/e2e/support/app';
import { ensureTestRegistry, enter, fillSpec } from '@/e2e/support/site';
import { endBuild, storeBuild } from '@/e2e/support/stored-build';
import { expect, test } from '@/e2e/support/test';
import { testEnv } from '@/e2e/support/test-env';
import { expectUsable } from '@/e2e/support/usable';

const NAME = 'handed-on';
const DAY_MS = 86_400_000;

test.describe.configure({ timeout: 300_000 });
test.use({ actionTimeout: 20_000 });

let isReady = false;
test.beforeEach(async ({ page, app }) => {
  await enter(page, app);
  if (isReady) return;
  await ensureTestRegistry(page, app, 'plain');
  await fillSpec(page, app, {
    name: NAME,
    registryName: 'plain',
    registry: testEnv().registries.plain,
    aptPackages: ['git'],
  });
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.waitForURL(/\/specs\/[0-9a-f-]{36}$/);
  isReady = true;
});

/** A build that failed at its second step so long ago. */
const storeFailed = (app: App, daysAgo: number) => {
  const at = Date.now() - daysAgo * DAY_MS;
  const times = { startedAt: at + 2_000, completedAt: at + 9_000 };
  return storeBuild(app, {
    specName: NAME,
    state: 'failed',
    createdAt: at,
    startedAt: at + 1_000,
    finishedAt: at + 10_000,
    failure: {
      code: 'BUILD_COMMAND_FAILED',
      message: 'A command failed with exit code 2.',
      step: 'make',
      exitCode: 2,
    },
    dockerfile: 'FROM debian:bookworm-slim\nRUN make\n',
    steps: [
      { key: 'apt', name: 'RUN apt-get install -y git', ...times },
      { key: 'make', name: 'RUN make', state: 'failed', exitCode: 2, ...times },
    ],
    lines: Array.from({ length: 300 }, (_, index) => ({
      at: at + 2_000 + index,
      step: index < 150 ? 'apt' : 'make',
      text: `line ${index + 1} of it`,
    })),
  });
};
const open = (page: Page, app: App, path: string) =>
  page.goto(`${app.url}${path}`);
const more = (page: Page) => page.getByRole('button', { name: 'More actions' });
const line = (page: Page, n: number) => page.locator(`[data-line="${n}"]`);

/** The file that the page of a build gives. */
async function exportRecord(page: Page, app: App, id: string): Promise<string> {
  await open(page, app, `/builds/${id}`);
  await more(page).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: 'Export record' }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(
    /^imageyard-build-\d+-linux-amd64\.tar\.gz$/,
  );
  return download.path();
}

/** Imports a file from the list of builds, and waits for its page. */
async function importRecord(page: Page, app: App, file: string) {
  await open(page, app, '/builds');
  await page.getByRole('link', { name: 'Import a record' }).click();
  await page.getByLabel('Record of a build').setInputFiles({
    name: 'record.tar.gz',
    mimeType: 'application/gzip',
    buffer: await readFile(file),
  });
}

test('title and picture of the tab follow a build, light and dark', async ({
  page,
  app,
}) => {
  const icon = page.locator('link[rel="icon"][href^="data:"]');
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const id = await storeBuild(app, {
      specName: NAME,
      state: 'building',
      createdAt: Date.now() - 5_000,
      startedAt: Date.now() - 4_000,
      steps: [{ key: 'a', state: 'running', startedAt: Date.now() - 3_000 }],
      lines: [],
    });
    await open(page, app, `/builds/${id}`);
    await expect(page).toHaveTitle(/^● .* building · Imageyard$/);
    const running = await icon.getAttribute('href');
    await endBuild(app, id, 'failed');
    await expect(page).toHaveTitle(/^✕ .* failed · Imageyard$/);
    await expect(icon).toHaveCount(1);
    await expect(icon).not.toHaveAttribute('href', running ?? '');
  }
});

test('a build is exported, imported, read as it was, exported again and deleted', async ({
  page,
  app,
}) => {
  const id = await storeFailed(app, 1);
  const file = await exportRecord(page, app, id);
  await importRecord(page, app, file);
  await expect(page).toHaveURL(/\/builds\/records\/[0-9a-f-]{36}$/);
  const record = page.url();
  await expect(page).toHaveTitle(/^✕ .* failed, imported · Imageyard$/);
  const main = page.getByRole('main');
  await expect(main.getByText(/^Imported: a build of the team/)).toBeVisible();
  await expect(
    main.getByText('A command failed with exit code 2.'),
  ).toBeVisible();
  await expect(line(page, 300).first()).toBeVisible();
  for (const verb of ['Retry', 'Rebuild', 'Cancel', 'Compare'])
    await expect(page.getByRole('button', { name: verb })).toHaveCount(0);
  // It leads to nothing of the team's.
  await expect(
    main.locator(
      'a[href^="/specs/"], a[href^="/images/"], a[href^="/workers"]',
    ),
  ).toHaveCount(0);

  const search = page.getByRole('searchbox', { name: 'Search all lines' });
  await search.fill('line 77 of');
  await search.press('Enter');
  await expect(line(page, 77)).toBeVisible();
  await page.getByRole('tab', { name: 'Inputs and outputs' }).click();
  await expect(main.getByText('FROM debian:bookworm-slim')).toBeVisible();
  await page.getByRole('tab', { name: 'Definition' }).click();
  await expect(main.getByText('git', { exact: true })).toBeVisible();

  const [again] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Export record' }).click(),
  ]);
  expect(again.suggestedFilename()).toMatch(
    /^imageyard-build-\d+-linux-amd64\.tar\.gz$/,
  );

  // It is in its own list, and in no other.
  await open(page, app, '/builds');
  await expect(
    page.locator(`a[href="${new URL(record).pathname}"]`),
  ).toHaveCount(0);
  await open(page, app, '/builds/records');
  const row = page
    .getByRole('table', { name: 'Imported builds' })
    .locator('tbody tr')
    .filter({ has: page.locator(`a[href="${new URL(record).pathname}"]`) });
  await expect(row).toHaveCount(1);
  await row.getByRole('button', { name: /^Delete/ }).click();
  await page.getByRole('button', { name: 'Delete it' }).click();
  await expect(row).toHaveCount(0);
  expect((await page.goto(record))?.status()).toBe(404);
});

test('a file that is no record is refused with the reason', async ({
  page,
  app,
}) => {
  await open(page, app, '/builds/records');
  await page.getByLabel('Record of a build').setInputFiles({
    name: 'record.tar.gz',
    mimeType: 'application/gzip',
    buffer: Buffer.from('hello'),
  });
  await expect(
    page.getByText(/no build record|is empty/).first(),
  ).toBeVisible();
  await expect(page.getByText('RECORD_INVALID')).toBeVisible();
});

test('old logs are removed, but for one that is kept, and the facts stay', async ({
  page,
  app,
}) => {
  const kept = await storeFailed(app, 40);
  const removed = await storeFailed(app, 40);
  await open(page, app, `/builds/${kept}`);
  await more(page).click();
  await page.getByRole('menuitem', { name: 'Keep its logs for ever' }).click();
  await expect(page.getByText('kept for ever')).toBeVisible();

  await open(page, app, '/specs/defaults');
  await expect(page.getByText(/^Logs take [\d.]+ [kMG]?B now/)).toBeVisible();
  const days = page.getByLabel(/^Days a log is kept/);
  await expect(days).toHaveValue('90');
  await days.fill('30');
  await page
    .getByRole('form', { name: 'Logs' })
    .getByRole('button', { name: 'Save' })
    .click();
  await expect(page.getByText('Saved.')).toBeVisible();

  await expect(async () => {
    await open(page, app, `/builds/${removed}`);
    await expect(page.getByText(/^Log removed · it had 300 lines/)).toBeVisible(
      { timeout: 1_000 },
    );
  }).toPass();
  const main = page.getByRole('main');
  await expect(
    main.getByText(/^The log was removed on .* \(kept 30 days\)/),
  ).toBeVisible();
  await expect(line(page, 300).first()).toBeVisible();
  await expect(line(page, 281).first()).toBeVisible();
  await expect(line(page, 280)).toHaveCount(0);
  await page.getByRole('button', { name: /RUN apt-get install/ }).click();
  await expect(main.getByText('What it printed was removed.')).toBeVisible();
  await expectUsable(page, 'a build whose log was removed');

  await open(page, app, `/builds/${kept}`);
  await expect(page.getByText(/^Complete log · 300 lines/)).toBeVisible();
});

for (const { colorScheme, width } of [
  { colorScheme: 'light', width: 1280 },
  { colorScheme: 'dark', width: 390 },
] as const)
  test(`an imported build and what leads to it can be used by everybody, ${colorScheme} and ${width} px wide`, async ({
    page,
    app,
  }) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 800 });
    const file = await exportRecord(page, app, await storeFailed(app, 1));
    await open(page, app, '/builds');
    await expectUsable(page, 'the builds');
    await importRecord(page, app, file);
    await page.waitForURL(/\/builds\/records\/[0-9a-f-]{36}$/);
    for (const tab of await page.getByRole('tab').all()) {
      await tab.click();
      await expect(tab).toHaveAttribute('aria-selected', 'true');
      await expectUsable(page, `imported, ${await tab.textContent()}`);
    }
    await open(page, app, '/builds/records');
    await expect(
      page.getByRole('table', { name: 'Imported builds' }),
    ).toBeVisible();
    await expectUsable(page, 'the imported builds');
    await open(page, app, '/specs/defaults');
    await expectUsable(page, 'the defaults');
  });
