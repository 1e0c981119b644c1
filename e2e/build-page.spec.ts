import type { Page } from '@playwright/test';
import type { App } from '@/e2e/support/app';
import { ensureTestRegistry, enter, fillSpec } from '@/e2e/support/site';
import { storeBuild, type StoredBuild } from '@/e2e/support/stored-build';
import { expect, test } from '@/e2e/support/test';
import { testEnv } from '@/e2e/support/test-env';
import { expectUsable } from '@/e2e/support/usable';

const NAME = 'staged';
const APT =
  'RUN apt-get update && apt-get install -y --no-install-recommends git libfoo-dev';

test.describe.configure({ timeout: 300_000 });

const STATES = ['failed', 'published', 'building', 'cancelled'] as const;
type State = (typeof STATES)[number];
const ids = new Map<State, string>();

/** A build that was asked for at `at` and claimed three seconds later. */
function staged(state: State, at: number): StoredBuild {
  const time = (seconds: number) => at + seconds * 1000;
  const step = (key: string, name: string, from: number, to: number) => ({
    key,
    name,
    startedAt: time(from),
    completedAt: time(to),
  });
  const isFailed = state === 'failed';
  const isRunning = state === 'building';
  const line = (seconds: number, text: string) => ({
    at: time(seconds),
    step: 'apt',
    text,
  });
  return {
    specName: NAME,
    state,
    createdAt: at,
    startedAt: time(3),
    ...(isRunning ? {} : { finishedAt: time(40) }),
    ...(state === 'published' ? { digest: `sha256:${'c'.repeat(64)}` } : {}),
    ...(isFailed
      ? {
          failure: {
            code: 'BUILD_APT_NOT_FOUND',
            message: 'The base has no apt package libfoo-dev.',
            step: 'apt',
            exitCode: 100,
          },
        }
      : {}),
    dockerfile: 'FROM debian:bookworm-slim\n',
    steps: [
      { ...step('from', 'FROM debian', 3, 4), cached: true },
      { ...step('uv', 'FROM uv', 4, 6), stage: 'uv', parents: ['from'] },
      {
        ...step('mm', 'FROM mm', 4, 9),
        stage: 'micromamba',
        parents: ['from'],
      },
      {
        ...step('apt', APT, 4, 20),
        parents: ['from'],
        ...(isFailed ? { state: 'failed' as const, exitCode: 100 } : {}),
        ...(state === 'cancelled' ? { state: 'cancelled' as const } : {}),
        ...(isRunning ? { state: 'running' as const, completedAt: null } : {}),
      },
      ...(state === 'published'
        ? [
            {
              ...step('conda', 'RUN micromamba create', 20, 30),
              parents: ['mm', 'apt'],
              clipped: 'The engine keeps no more than 2MiB.',
            },
            step('push', 'push to registry.test/acme/staged', 31, 38),
          ]
        : [{ key: 'end', name: 'COPY . /', state: 'queued' as const }]),
    ],
    lines: [
      line(5, ' 10%\r 50%\r\x1b[32m100%\x1b[0m done'),
      line(6, 'Reading package lists...'),
      ...(isFailed ? [line(7, 'E: Unable to locate package libfoo-dev')] : []),
      ...(state === 'published'
        ? [
            { at: time(21), step: 'conda', text: 'half a li' },
            {
              at: time(22),
              step: 'conda',
              text: 'tail[output clipped, log limit 2MiB reached]',
            },
          ]
        : []),
    ],
  };
}

test.beforeEach(async ({ page, app }) => {
  await enter(page, app);
  if (ids.size > 0) return;
  await ensureTestRegistry(page, app, 'plain');
  await fillSpec(page, app, {
    name: NAME,
    registryName: 'plain',
    registry: testEnv().registries.plain,
    aptPackages: ['git', 'libfoo-dev'],
  });
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.waitForURL(/\/specs\/[0-9a-f-]{36}$/);
  for (const [index, state] of STATES.entries())
    ids.set(
      state,
      await storeBuild(app, staged(state, Date.now() - (9 - index) * 60_000)),
    );
});

const open = (page: Page, app: App, state: State, rest = '') =>
  page.goto(`${app.url}/builds/${ids.get(state)}${rest}`);
const openTab = (page: Page, name: string) =>
  page.getByRole('tab', { name }).click();

test('a failure names the field and the entry of the spec, and leads to it', async ({
  page,
  app,
}) => {
  await open(page, app, 'failed');
  await expect(
    page.getByText('It is libfoo-dev, line 2 of apt packages in revision 1.'),
  ).toBeVisible();
  await expect(
    page.getByText('E: Unable to locate package libfoo-dev').first(),
  ).toBeVisible();
  await page.getByRole('link', { name: 'Correct apt packages' }).click();
  const field = page.getByLabel('apt packages');
  await expect(field).toBeFocused();
  expect(
    await field.evaluate((element) => {
      const { value, selectionStart, selectionEnd } =
        element as HTMLTextAreaElement;
      return value.slice(selectionStart, selectionEnd);
    }),
  ).toBe('libfoo-dev');
});

test('the timeline draws what ran when, and a bar leads to the log of its step', async ({
  page,
  app,
}) => {
  await open(page, app, 'published');
  await openTab(page, 'Timeline');
  const bars = page.getByRole('list', { name: 'What ran when' });
  await expect(bars.getByRole('listitem')).toHaveCount(8);
  await expect(page.getByText('27.0 s on the longest chain')).toBeVisible();
  // By the keyboard: what has the focus by a click is not explained.
  await bars.getByRole('button', { name: /apt-get install/ }).focus();
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Tab');
  await expect(page.getByText('4.0 s to 20.0 s, 16.0 s')).toBeVisible();
  await expect(page.getByText('After: FROM debian')).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(
    page.getByRole('tab', { name: 'Steps and log' }),
  ).toHaveAttribute('aria-selected', 'true');
  await expect(page.getByText('100% done')).toBeInViewport();
});

test('the timeline of a running build grows', async ({ page, app }) => {
  await open(page, app, 'building');
  await openTab(page, 'Timeline');
  const bar = page.getByRole('button', { name: /apt-get install/ });
  const before = await bar.textContent();
  await expect(bar).not.toHaveText(before ?? '');
  await expect(page.getByText('1 step to come')).toBeVisible();
});

test('a running step is followed until somebody says not to', async ({
  page,
  app,
}) => {
  await open(page, app, 'building');
  await expect(page.getByText('100% done')).toBeVisible();
  const follow = page.getByRole('button', { name: 'Follow', exact: true });
  await expect(follow).toBeHidden();
  await page.keyboard.press('f');
  await expect(follow).toBeVisible();
  await follow.click();
  await expect(follow).toBeHidden();
});

test('clipped output is marked where it is missing', async ({ page, app }) => {
  await open(page, app, 'published', '#L4');
  const mark = page.getByText('Output is missing here.');
  await expect(mark).toBeInViewport();
  await expect(page.locator('[data-line="4"]')).toContainText('tail');
  await expect(page.locator('[data-line="4"]')).not.toContainText('clipped');
});

test('the definition says what was asked for, and how the build before differs', async ({
  page,
  app,
}) => {
  await open(page, app, 'published');
  await openTab(page, 'Definition');
  await expect(page.getByText('The same revision as build #')).toBeVisible();
  await expect(page.getByText('libfoo-dev')).toBeVisible();
  await openTab(page, 'Inputs and outputs');
  await expect(page.getByText('FROM debian:bookworm-slim')).toBeVisible();
  await expect(page.getByText('sha256:cccccc…cccccc').last()).toBeVisible();
});

test('the browser tab shows the state by title and picture', async ({
  page,
  app,
}) => {
  const pictures = new Set<string | null>();
  for (const state of STATES) {
    await open(page, app, state);
    await expect(page).toHaveTitle(new RegExp(`${state} · Imageyard$`));
    const icon = page.locator('link[rel="icon"][href^="data:"]');
    await expect(icon).toHaveCount(1);
    pictures.add(await icon.getAttribute('href'));
  }
  expect(pictures.size).toBe(STATES.length);
});

for (const { colorScheme, width } of [
  { colorScheme: 'light', width: 1280 },
  { colorScheme: 'dark', width: 390 },
] as const)
  test(`every tab of every state can be used by everybody, ${colorScheme} and ${width} px wide`, async ({
    page,
    app,
  }) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 800 });
    for (const state of STATES) {
      await open(page, app, state);
      for (const tab of await page.getByRole('tab').all()) {
        await tab.click();
        await expect(tab).toHaveAttribute('aria-selected', 'true');
        await expectUsable(page, `${state}, ${await tab.textContent()}`);
      }
    }
  });
