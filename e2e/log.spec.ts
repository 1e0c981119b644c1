import type { Page } from '@playwright/test';
import type { App } from '@/e2e/support/app';
import { ensureTestRegistry, enter, fillSpec } from '@/e2e/support/site';
import { storeBuild } from '@/e2e/support/stored-build';
import { expect, test } from '@/e2e/support/test';
import { testEnv } from '@/e2e/support/test-env';
import { expectUsable } from '@/e2e/support/usable';

const MILLION = 1_000_000;
const AT = Date.parse('2026-11-27T10:00:00Z');
/** Rows that may be drawn at once, whatever the length of the log: two blocks more than fill the window. */
const MAX_ROWS = 400;

test.describe.configure({ timeout: 300_000 });

let build: string;

function* millionLines() {
  for (let n = 1; n <= MILLION; n += 1)
    yield {
      at: AT + n,
      step: n <= 10 ? 'first' : n > MILLION - 10 ? 'last' : 'long',
      text:
        n % 100_000 === 77
          ? `\x1b[31mneedle\x1b[0m ${n}`
          : `line ${n} of a step that prints a great deal`,
    };
}

test.beforeEach(async ({ page, app }) => {
  await enter(page, app);
  build ??= await storeMillion(page, app);
  await page.goto(`${app.url}/builds/${build}`);
  await expect(page.getByRole('list', { name: 'Steps' })).toBeVisible();
});

async function storeMillion(page: Page, app: App): Promise<string> {
  await ensureTestRegistry(page, app, 'plain');
  await fillSpec(page, app, {
    name: 'million',
    registryName: 'plain',
    registry: testEnv().registries.plain,
  });
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.waitForURL(/\/specs\/[0-9a-f-]{36}$/);
  const step = (key: string, from: number, to: number) => ({
    key,
    startedAt: AT + from,
    completedAt: AT + to,
  });
  return storeBuild(app, {
    specName: 'million',
    state: 'published',
    createdAt: AT - 3_000,
    startedAt: AT,
    finishedAt: AT + MILLION,
    digest: `sha256:${'b'.repeat(64)}`,
    steps: [
      step('first', 1, 10),
      step('long', 11, MILLION - 10),
      step('last', MILLION - 9, MILLION),
    ],
    lines: millionLines(),
  });
}

const rows = (page: Page) => page.locator('[data-place]');
const output = (page: Page, step: string) =>
  page.getByRole('region', { name: `Output of RUN ${step}` });
const lineNumber = (page: Page, n: number) =>
  page.locator(`[data-line="${n}"]`);

async function expectFewRows(page: Page): Promise<void> {
  expect(await rows(page).count()).toBeLessThanOrEqual(MAX_ROWS);
}

test('a step of a million lines is scrolled from end to end with few rows drawn', async ({
  page,
}) => {
  await expect(page.getByText('Complete log · 1,000,000 lines')).toBeVisible();
  await expect(rows(page)).toHaveCount(0);
  await page.getByRole('button', { name: /RUN long/ }).click();
  const box = output(page, 'long');
  await box.evaluate((element) => element.scrollIntoView({ block: 'end' }));
  await expect(lineNumber(page, 11)).toContainText('line 11 of');
  await expectFewRows(page);
  for (const share of [0.25, 0.5, 0.75]) {
    await box.evaluate((element, part) => {
      element.scrollTop = element.scrollHeight * part;
    }, share);
    const n = 11 + Math.round(500_000 * share);
    await expect(
      page.getByText(`line ${n} of a step that prints a great deal`),
    ).toBeInViewport();
    await expectFewRows(page);
  }
  await page.getByRole('button', { name: 'Later lines' }).click();
  await expect(lineNumber(page, 500_011)).toBeInViewport();
  await box.evaluate((element) => {
    element.scrollTop = element.scrollHeight;
  });
  await expect(lineNumber(page, MILLION - 10)).toBeInViewport();
  await expectFewRows(page);
});

test('all lines are searched, and every one found is gone to, also in a folded step', async ({
  page,
}) => {
  await page.keyboard.press('/');
  const field = page.getByRole('searchbox', { name: 'Search all lines' });
  await expect(field).toBeFocused();
  await field.fill('NEEDLE');
  await expect(page.getByText('1 of 10', { exact: true })).toBeVisible();
  await expect(lineNumber(page, 77)).toBeInViewport();
  await expect(lineNumber(page, 77).locator('mark')).toHaveText('needle');
  await field.press('Enter');
  await expect(page.getByText('2 of 10', { exact: true })).toBeVisible();
  await expect(lineNumber(page, 100_077)).toBeInViewport();
  await field.press('Shift+Enter');
  await field.press('Shift+Enter');
  await expect(page.getByText('10 of 10', { exact: true })).toBeVisible();
  await expect(lineNumber(page, 900_077)).toBeInViewport();
  await expect(lineNumber(page, 900_077)).toHaveAttribute('data-hit', '');
  await expectFewRows(page);
  await field.press('Escape');
  await expect(page.locator('mark')).toHaveCount(0);
  await field.fill('line 1000000');
  await expect(page.getByText('1 of 1', { exact: true })).toBeVisible();
  await expect(lineNumber(page, MILLION)).toBeInViewport();
  await field.fill('nowhere');
  await expect(page.getByText('no line', { exact: true })).toBeVisible();
});

test('a link leads to its lines, a click on a number makes one, and Escape leaves it', async ({
  page,
  context,
  app,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto('about:blank');
  await page.goto(`${app.url}/builds/${build}#L654321-L654323`);
  await expect(lineNumber(page, 654_321)).toBeInViewport();
  await expect(page.locator('[data-selected]')).toHaveCount(3);
  await expectFewRows(page);
  const selection = page.getByRole('region', { name: 'Selected lines' });
  await expect(selection).toContainText('Lines 654,321 to 654,323');
  await selection.getByRole('button', { name: 'Copy the lines' }).click();
  await expect
    .poll(() => page.evaluate(() => navigator.clipboard.readText()))
    .toBe(
      [654_321, 654_322, 654_323]
        .map((n) => `line ${n} of a step that prints a great deal`)
        .join('\n'),
    );
  await page.getByRole('link', { name: 'Line 654325', exact: true }).click();
  expect(page.url()).toContain('#L654325');
  await page
    .getByRole('link', { name: 'Line 654327', exact: true })
    .click({ modifiers: ['Shift'] });
  expect(page.url()).toContain('#L654325-L654327');
  await page.keyboard.press('Escape');
  await expect(page.locator('[data-selected]')).toHaveCount(0);
  expect(page.url()).not.toContain('#');
});

test('the keys fold, draw and explain, and do nothing while somebody types', async ({
  page,
}) => {
  const open = page.getByRole('button', { expanded: true, name: /RUN / });
  await page.keyboard.press(']');
  await expect(open).toHaveCount(3);
  await page.keyboard.press('[');
  await expect(open).toHaveCount(0);
  const wrap = page.getByRole('button', { name: 'Wrap' });
  await expect(wrap).toHaveAttribute('aria-pressed', 'true');
  await page.keyboard.press('w');
  await expect(wrap).toHaveAttribute('aria-pressed', 'false');
  await page.keyboard.press('w');
  await page.keyboard.press('n');
  await expect(page.getByRole('button', { name: /RUN first/ })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(lineNumber(page, 1)).toContainText('+0.00');
  await page.keyboard.press('t');
  await expect(lineNumber(page, 1)).toContainText(/\d\d:\d\d:\d\d\.00/);
  await page.keyboard.press('t');
  await expect(lineNumber(page, 1)).not.toContainText(':');
  await page.keyboard.press('t');
  await page.keyboard.press('Control+f');
  const field = page.getByRole('searchbox');
  await expect(field).toBeFocused();
  await page.keyboard.type('[w?');
  await expect(field).toHaveValue('[w?');
  await expect(open).toHaveCount(1);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  const help = page.getByRole('dialog', { name: 'Keys of the log' });
  await expect(help).toContainText('Search all lines');
  await page.keyboard.press('Escape');
  await expect(help).toBeHidden();
});

test('full screen holds nothing but the log, and Escape leaves it', async ({
  page,
}) => {
  await page.getByRole('button', { name: 'Full screen' }).click();
  const log = page.getByRole('region', { name: 'Log', exact: true });
  const size = page.viewportSize();
  expect(await log.boundingBox()).toEqual({ x: 0, y: 0, ...size });
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'Full screen' })).toBeVisible();
});

for (const { colorScheme, width } of [
  { colorScheme: 'light', width: 1280 },
  { colorScheme: 'dark', width: 390 },
] as const)
  test(`the log can be used by everybody, ${colorScheme} and ${width} px wide`, async ({
    page,
  }) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 800 });
    await page.getByRole('searchbox').fill('needle');
    await expect(lineNumber(page, 77)).toBeInViewport();
    await expectUsable(page, 'a log that is searched');
  });
