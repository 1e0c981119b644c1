import type { Page } from '@playwright/test';
import { type OwnWorker, startOwnWorker } from '@/e2e/support/own-worker';
import {
  ensureRegistry,
  enter,
  expectState,
  fillSpec,
  readJson,
} from '@/e2e/support/site';
import { expect, test } from '@/e2e/support/test';
import { testEnv } from '@/e2e/support/test-env';
import { expectUsable } from '@/e2e/support/usable';
import type { BuildView, WorkersView } from '@/lib/build/views';

test.describe.configure({ mode: 'serial', timeout: 300_000 });

const NAME = 'builder-big';
let worker: OwnWorker | undefined;
test.afterAll(async () => worker?.stop());

test.beforeEach(async ({ page, app }) => {
  await enter(page, app);
});

async function openWorker(page: Page, url: string, name: string) {
  await page.goto(`${url}/workers`);
  await page.getByRole('link', { name, exact: true }).click();
  await expect(page.getByRole('heading', { name, level: 1 })).toBeVisible();
}

test('a worker connects by the line on the page, and the page sees it come', async ({
  page,
  app,
}) => {
  await page.goto(`${app.url}/workers`);
  await page.getByRole('button', { name: 'Connect a worker' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name', { exact: true }).fill('local');
  await dialog.getByRole('textbox', { name: /^Labels/ }).fill('big, Wrong');
  await dialog.getByRole('button', { name: 'Make its code' }).click();
  await expect(dialog.getByText(/“Wrong” is no label/)).toBeVisible();
  await dialog.getByRole('textbox', { name: /^Labels/ }).fill('big');
  await dialog.getByRole('button', { name: 'Make its code' }).click();
  await expect(
    dialog.getByText('There is a worker named local already.'),
  ).toBeVisible();
  await dialog.getByLabel('Name', { exact: true }).fill(NAME);
  await dialog.getByRole('button', { name: 'Make its code' }).click();
  const line = await dialog
    .getByLabel('the worker command', { exact: true })
    .innerText();
  await dialog.getByRole('tab', { name: 'Kubernetes' }).click();
  await expect(dialog.getByText('kind: StatefulSet')).toBeVisible();
  const args = line.trim().replace('npm run worker -- ', '').split(' ');
  worker = await startOwnWorker(args);
  const arrived = dialog.getByText(`${NAME} is connected`);
  const comes = arrived.waitFor({ timeout: 90_000 }).catch(() => undefined);
  await Promise.race([comes, worker.ended]);
  await expect(arrived, worker.output()).toBeVisible();
  await dialog.getByRole('link', { name: 'Open it' }).click();
  await expect(page.getByText('Online', { exact: true }).first()).toBeVisible();
  await page.getByRole('button', { name: /^What this engine can do/ }).click();
  await expect(
    page.getByText('Give a step a secret and keep it out of the image'),
  ).toBeVisible();
  await expect(page.getByText('No spec makes one.').first()).toBeVisible();
  await expectUsable(page, 'a worker');
  const again = await startOwnWorker(args);
  expect(await again.ended).toBe(2);
  expect(again.output()).toContain('good once');
  await again.stop();
});

/** Saves the spec in the form, has it ask for the label of that worker, and starts its build. */
async function buildOnBig(page: Page) {
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.waitForURL(/\/specs\/[0-9a-f-]{36}$/);
  await page
    .getByRole('button', { name: 'Change which workers build it' })
    .click();
  await page
    .getByRole('dialog')
    .getByRole('textbox', { name: /^Labels/ })
    .fill('big');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await page.getByRole('button', { name: 'Build', exact: true }).click();
  await page.waitForURL(/\/builds\/[0-9a-f-]{36}$/);
}

test('a build that asks for a label waits for the worker that has it, and says so', async ({
  page,
  app,
}) => {
  const registry = testEnv().registries.plain;
  await ensureRegistry(page, app, {
    name: 'workers',
    registry,
    namespace: 'workers',
  });
  await openWorker(page, app.url, NAME);
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(page.getByText('Paused', { exact: true })).toBeVisible();

  const name = `labelled-${Date.now()}`;
  await fillSpec(page, app, { name, registryName: 'workers', registry });
  await buildOnBig(page);
  const id = page.url().slice(-36);
  await expect(
    page.getByText(`Every worker that can build it is paused: ${NAME}.`),
  ).toBeVisible();

  const other = await page.context().newPage();
  await openWorker(other, app.url, NAME);
  await other.getByRole('button', { name: 'Take builds again' }).click();
  await other.close();
  await expectState(page, 'Published', 180_000);
  const build = await readJson<BuildView>(page, `${app.url}/api/builds/${id}`);
  expect(build.worker).toBe(NAME);
});

test('a worker is revoked while it builds: it ends, and the build waits for another', async ({
  page,
  app,
}) => {
  const registry = testEnv().registries.plain;
  await fillSpec(page, app, {
    name: `revoked-${Date.now()}`,
    registryName: 'workers',
    registry,
    commands: ['for i in $(seq 1 3000); do echo "tick $i"; sleep 0.1; done'],
  });
  await buildOnBig(page);
  const address = page.url();
  await expectState(page, 'Building', 60_000);

  await openWorker(page, app.url, NAME);
  await page.getByRole('button', { name: 'Revoke', exact: true }).click();
  await page.getByRole('button', { name: 'Revoke it' }).click();
  await page.waitForURL(`${app.url}/workers`);
  expect(await worker?.ended).toBe(2);
  const { workers } = await readJson<WorkersView>(
    page,
    `${app.url}/api/workers`,
  );
  expect(workers.map(({ name }) => name)).not.toContain(NAME);

  await page.goto(address);
  await expectState(page, 'Queued', 30_000);
  await expect(
    page.getByText('No worker for linux/amd64 has the label big.'),
  ).toBeVisible();
  await page.getByRole('button', { name: /^Cancel build/ }).click();
  await expectState(page, 'Cancelled', 15_000);
});
