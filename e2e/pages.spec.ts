import { enter } from '@/e2e/support/site';
import { expect, test } from '@/e2e/support/test';
import { expectUsable } from '@/e2e/support/usable';

const PAGES = [
  '/',
  '/specs',
  '/specs/new',
  '/specs/defaults',
  '/specs/find?q=none',
  '/builds',
  '/alerts',
  '/images',
  '/images?gone=too&parts=1&tag=x',
  '/images/repositories',
  '/tasks',
  '/tasks/import',
  '/tasks/projects',
  '/registries',
  '/registries/new',
  '/registries/import',
  '/secrets',
  '/workers',
  '/account',
];

const LOOKS = [
  { colorScheme: 'light', width: 1280 },
  { colorScheme: 'dark', width: 390 },
] as const;

// Every page is read whole by axe, one after the other.
test.describe.configure({ timeout: 300_000 });

for (const { colorScheme, width } of LOOKS) {
  test(`every page can be used by everybody, ${colorScheme} and ${width} px wide`, async ({
    page,
    app,
  }) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 800 });
    await enter(page, app);
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(error.message));
    for (const address of PAGES) {
      const response = await page.goto(`${app.url}${address}`);
      expect(response?.status(), address).toBe(200);
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
      await expectUsable(page, address);
    }
    expect(faults).toEqual([]);
  });
}

test('a person who is not signed in is led to sign in, and back', async ({
  browser,
  app,
}) => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${app.url}/registries`);
  await expect(page).toHaveURL(/\/sign-in\?from=%2Fregistries$/);
  for (const path of [
    '/api/registries',
    '/api/secrets',
    '/api/builds',
    '/api/workers',
    '/api/projects',
  ]) {
    expect((await page.request.get(`${app.url}${path}`)).status()).toBe(401);
  }
  await context.close();
});

test('a build that would pull from Docker Hub says so before it is started', async ({
  page,
  app,
}) => {
  await enter(page, app);
  await page.goto(`${app.url}/specs/new`);
  await expect(
    page.getByRole('note', { name: 'Pull limit of docker.io' }),
  ).toContainText('docker.io counts pulls.');
});

test('an address with a malformed id is not found', async ({ page, app }) => {
  await enter(page, app);
  for (const path of [
    '/api/builds/x',
    '/api/builds/x/events',
    '/api/registries/x',
    '/api/images/x/y',
    '/api/repositories/x',
    '/api/copies/x',
    '/images/x',
    '/images/copies/x',
    '/builds/x',
    '/api/projects/x',
    '/tasks/projects/x',
  ]) {
    expect((await page.request.get(`${app.url}${path}`)).status(), path).toBe(
      404,
    );
  }
});
