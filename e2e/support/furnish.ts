import type { Page } from '@playwright/test';
import type { App } from '@/e2e/support/app';
import { addCloudRegistry } from '@/e2e/support/cloud';
import {
  ensureRegistry,
  enter,
  expectState,
  fillSpec,
  readJson,
  saveAndBuild,
} from '@/e2e/support/site';
import { expect } from '@/e2e/support/test';
import { testEnv } from '@/e2e/support/test-env';
import type { BuildView } from '@/lib/build/views';

/** Ids of one of each thing that has a page. */
export type Furniture = Record<
  | 'build'
  | 'cloud'
  | 'copy'
  | 'digest'
  | 'project'
  | 'record'
  | 'registry'
  | 'repository'
  | 'spec'
  | 'task'
  | 'worker',
  string
>;

const NAME = 'furnished';
const made = new WeakMap<App, Furniture>();

/** Signs in and makes one of each thing that has a page: a build of a spec, a task on its image, a copy, a registry of a cloud, an imported record. */
export async function furnish(page: Page, app: App): Promise<Furniture> {
  await enter(page, app);
  const known = made.get(app);
  if (known) return known;
  const { plain } = testEnv().registries;
  const cloud = await addCloudRegistry(page, app, {
    name: 'Cloud',
    host: '123456789012.dkr.ecr.eu-west-1.amazonaws.com',
    namespace: 'ml',
  });
  const form = { name: NAME, registry: plain, namespace: NAME };
  await ensureRegistry(page, app, form);
  const build = await buildOne(page, app);
  const image = {
    repository: build.repository.id,
    digest: build.digest ?? '',
  };
  await importTask(page, app, `${build.repository.name}@${image.digest}`);
  const copy = await copyImage(page, app, image);
  const idAt = (path: string, name: string) =>
    idOf(page, `${app.url}/api/${path}`, name);
  const furniture = {
    ...image,
    build: build.id,
    spec: build.spec.id,
    cloud,
    copy,
    record: await importRecord(page, app, build.id),
    registry: await idAt('registries', NAME),
    project: await idAt('projects', NAME),
    task: await idAt('tasks', 'workflow.train'),
    worker: await idAt('workers', 'local'),
  };
  made.set(app, furniture);
  return furniture;
}

/** Imports the record of a build that is there, too. */
async function importRecord(page: Page, app: App, buildId: string) {
  const file = await page.request.get(
    `${app.url}/api/builds/${buildId}/record`,
  );
  await page.goto(`${app.url}/builds/records`);
  await page.getByLabel('Record of a build').setInputFiles({
    name: 'record.tar.gz',
    mimeType: 'application/gzip',
    buffer: await file.body(),
  });
  await page.waitForURL(/\/builds\/records\/[0-9a-f-]{36}$/);
  return page.url().slice(-36);
}

async function buildOne(page: Page, app: App): Promise<BuildView> {
  await fillSpec(page, app, {
    name: NAME,
    registryName: NAME,
    registry: testEnv().registries.plain,
    commands: ['true'],
  });
  const id = await saveAndBuild(page);
  await expectState(page, 'Published');
  return readJson<BuildView>(page, `${app.url}/api/builds/${id}`);
}

async function importTask(page: Page, app: App, image: string): Promise<void> {
  await page.goto(`${app.url}/tasks/import`);
  await page
    .getByLabel('Source')
    .fill(
      `from flytekit import task\n\n@task(container_image="${image}")\ndef train(): ...\n`,
    );
  await page.getByRole('combobox', { name: 'Project' }).fill(NAME);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: /^Save/ }).click();
  await expect(page.getByText('1 new task')).toBeVisible();
}

async function copyImage(
  page: Page,
  app: App,
  { repository, digest }: { repository: string; digest: string },
): Promise<string> {
  await page.goto(`${app.url}/images/${repository}/${digest}`);
  await page.getByRole('button', { name: 'Copy', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Registry').click();
  await page.getByRole('option', { name: new RegExp(NAME) }).click();
  await dialog.getByLabel('Repository').fill('copied');
  await dialog.getByRole('button', { name: 'Start copying' }).click();
  await page.waitForURL(/\/images\/copies\/[0-9a-f-]{36}$/);
  return page.url().slice(-36);
}

type Named = { id: string; name: string };

async function idOf(page: Page, api: string, name: string): Promise<string> {
  const answer = await readJson<Named[] | Record<string, Named[]>>(page, api);
  const list = Array.isArray(answer) ? answer : Object.values(answer).flat();
  const found = list.find((one) => one?.name === name);
  if (!found) throw new Error(`${api} has no ${name}.`);
  return found.id;
}
