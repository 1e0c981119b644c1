import {
  ensureRegistry,
  enter,
  expectState,
  fillSpec,
  readJson,
  saveAndBuild,
} from '@/e2e/support/site';
import { inStore } from '@/e2e/support/stored-build';
import { expect, test } from '@/e2e/support/test';
import { testEnv } from '@/e2e/support/test-env';
import { expectUsable } from '@/e2e/support/usable';
import type { BuildView } from '@/lib/build/views';

test.describe.configure({ timeout: 400_000 });

// What a worker's own look finds where emulation is installed; on the machine of the tests there is none.
const EMULATES = JSON.stringify([
  {
    check: 'platform',
    state: 'good',
    code: 'emulated',
    subject: 'linux/arm64',
    facts: {},
  },
]);

test('a spec for two platforms waits for a worker of the second, and fails when what is built for it is of the first', async ({
  page,
  app,
}) => {
  const registry = testEnv().registries.plain;
  await enter(page, app);
  await ensureRegistry(page, app, {
    name: 'platforms',
    registry,
    namespace: 'platforms',
  });
  const name = `two-${Date.now()}`;
  await fillSpec(page, app, { name, registryName: 'platforms', registry });
  await page.getByLabel('Platform', { exact: true }).click();
  await page
    .getByRole('option', { name: 'linux/amd64 and linux/arm64' })
    .click();
  const id = await saveAndBuild(page);
  const platforms = page.getByRole('table', { name: 'Platforms' });
  await expect(
    platforms.getByText('No worker builds for linux/arm64'),
  ).toBeVisible();
  await expect(
    platforms.getByRole('row', { name: /linux\/amd64.*Published/ }),
  ).toBeVisible({ timeout: 200_000 });
  await expectUsable(page, 'a build for two platforms');

  await inStore(app, (client) =>
    client.query('update workers set findings = $1, checked_at = now()', [
      EMULATES,
    ]),
  );
  await expectState(page, 'Failed', 200_000);
  const build = await readJson<BuildView>(page, `${app.url}/api/builds/${id}`);
  expect(build).toMatchObject({
    state: 'failed',
    digest: null,
    failure: { code: 'BUILD_PLATFORM_MISMATCH' },
    parts: [
      { platform: 'linux/amd64', state: 'published' },
      { platform: 'linux/arm64', state: 'failed' },
    ],
  });
  await expect(
    page.getByText(/linux\/arm64: The base image is for linux\/amd64/).first(),
  ).toBeVisible();

  await page.getByRole('link', { name: 'Log of linux/arm64' }).click();
  await expect(
    page.getByRole('main').getByText(`linux/arm64 of ${name} #${build.number}`),
  ).toBeVisible();
  await expect(page.getByRole('tab', { name: 'Steps and log' })).toBeVisible();
  await page.getByRole('link', { name: `${name} #${build.number}` }).click();
  await expect(platforms).toBeVisible();
  await page.setViewportSize({ width: 390, height: 844 });
  await expectUsable(page, 'a failed build for two platforms on a phone');

  await page.goto(`${app.url}/builds/compare?a=${id}&b=${id}`);
  const choice = page.getByRole('navigation', { name: 'Platform' });
  await expect(
    page.getByRole('table', { name: 'On linux/amd64' }),
  ).toContainText('Published');
  await choice.getByRole('link', { name: 'linux/arm64' }).click();
  await expect(page).toHaveURL(/&platform=linux\/arm64$/);
  await expect(
    page.getByRole('table', { name: 'On linux/arm64' }),
  ).toContainText('Failed');
  await expect(page.getByRole('table', { name: 'Steps' })).toContainText(
    'FROM',
  );
  await expectUsable(page, 'the comparison of two platforms on a phone');
  await expect(page.getByRole('link', { name: 'Swap' })).toHaveAttribute(
    'href',
    /&platform=linux\/arm64$/,
  );

  await page.setViewportSize({ width: 1280, height: 800 });
  await expectUsable(page, 'the comparison of two platforms');
  await page.goto(`${app.url}/builds`);
  const rows = page
    .getByRole('table', { name: 'Builds' })
    .getByRole('row', { name: new RegExp(name) });
  await expect(rows).toHaveCount(1);
  await expect(rows.getByText('2 platforms')).toBeVisible();
});
