import { readdirSync } from 'node:fs';
import path from 'node:path';
import { type Furniture, furnish } from '@/e2e/support/furnish';
import { enter } from '@/e2e/support/site';
import { expect, test } from '@/e2e/support/test';
import { expectUsable } from '@/e2e/support/usable';

/** Every page with an address it is read at, or several where it looks different. */
const PAGES: Record<string, (its: Furniture) => string[]> = {
  '/': () => ['/'],
  '/account': () => ['/account'],
  '/alerts': () => ['/alerts'],
  '/builds': () => ['/builds', '/builds?state=failed&q=none'],
  '/builds/[buildId]': ({ build }) => [`/builds/${build}`],
  '/builds/compare': ({ build }) => [`/builds/compare?a=${build}&b=${build}`],
  '/builds/records': () => ['/builds/records'],
  '/builds/records/[recordId]': ({ record }) => [`/builds/records/${record}`],
  '/images': () => ['/images', '/images?gone=too&parts=1&tag=x'],
  '/images/[repositoryId]': ({ repository }) => [`/images/${repository}`],
  '/images/[repositoryId]/[digest]': ({ repository, digest }) => [
    `/images/${repository}/${digest}`,
  ],
  '/images/copies/[copyId]': ({ copy }) => [`/images/copies/${copy}`],
  '/images/repositories': () => ['/images/repositories'],
  '/registries': () => ['/registries'],
  '/registries/[registryId]': ({ registry, cloud }) => [
    `/registries/${registry}`,
    `/registries/${cloud}`,
  ],
  '/registries/import': () => ['/registries/import'],
  '/registries/new': () => ['/registries/new'],
  '/secrets': () => ['/secrets'],
  '/specs': () => ['/specs'],
  '/specs/[specId]': ({ spec }) => [`/specs/${spec}`],
  '/specs/[specId]/builds': ({ spec }) => [`/specs/${spec}/builds`],
  '/specs/[specId]/checks': ({ spec }) => [`/specs/${spec}/checks`],
  '/specs/[specId]/edit': ({ spec }) => [`/specs/${spec}/edit`],
  '/specs/[specId]/revisions': ({ spec }) => [`/specs/${spec}/revisions`],
  '/specs/[specId]/revisions/[number]': ({ spec }) => [
    `/specs/${spec}/revisions/1`,
  ],
  '/specs/[specId]/tasks': ({ spec }) => [`/specs/${spec}/tasks`],
  '/specs/[specId]/use': ({ spec }) => [`/specs/${spec}/use`],
  '/specs/defaults': () => ['/specs/defaults'],
  '/specs/find': () => ['/specs/find?q=none'],
  '/specs/new': () => ['/specs/new'],
  '/tasks': () => ['/tasks'],
  '/tasks/[taskId]': ({ task }) => [`/tasks/${task}`],
  '/tasks/import': () => ['/tasks/import'],
  '/tasks/projects': () => ['/tasks/projects'],
  '/tasks/projects/[projectId]': ({ project }) => [
    `/tasks/projects/${project}`,
  ],
  '/workers': () => ['/workers'],
  '/workers/[workerId]': ({ worker }) => [`/workers/${worker}`],
};

const LOOKS = [
  { colorScheme: 'light', width: 1280 },
  { colorScheme: 'dark', width: 390 },
] as const;

// Every page is read whole by axe, one after the other.
test.describe.configure({ timeout: 600_000 });

test('the table names every page there is, and no other', () => {
  const folder = path.join(import.meta.dirname, '../app/(app)');
  const pages = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => path.basename(name) === 'page.tsx')
    .map((name) => `/${name === 'page.tsx' ? '' : path.dirname(name)}`);
  expect(Object.keys(PAGES).sort()).toEqual(pages.sort());
});

for (const { colorScheme, width } of LOOKS) {
  test(`every page can be used by everybody, ${colorScheme} and ${width} px wide`, async ({
    page,
    app,
  }) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 800 });
    const furniture = await furnish(page, app);
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(error.message));
    const addresses = Object.values(PAGES).flatMap((page) => page(furniture));
    for (const address of addresses) {
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
    '/builds/compare?a=x&b=y',
    '/api/projects/x',
    '/tasks/projects/x',
  ]) {
    expect((await page.request.get(`${app.url}${path}`)).status(), path).toBe(
      404,
    );
  }
});
