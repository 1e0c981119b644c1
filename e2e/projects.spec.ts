import { ensureRegistry, enter, readJson } from '@/e2e/support/site';
import { expect, test } from '@/e2e/support/test';
import { imageIn, testEnv } from '@/e2e/support/test-env';
import { expectUsable } from '@/e2e/support/usable';
import type { ProjectView } from '@/lib/build/project-views';

const SOURCE = 'from flytekit import task\n@task\ndef fit():\n    pass';

test('a project gives its tasks without an image one of its own, shown like any other', async ({
  page,
  app,
}) => {
  const { registries, images } = testEnv();
  const image = imageIn(registries.tls, images.base);
  await enter(page, app);
  await ensureRegistry(page, app, {
    name: 'projects',
    registry: registries.tls,
    namespace: '',
  });

  await page.goto(`${app.url}/tasks/import`);
  await page.getByLabel('Source').fill(SOURCE);
  await page.getByRole('combobox', { name: 'Project' }).fill('ML_Training');
  await expect(page.getByText('Use lower-case letters')).toBeVisible();
  await expect(
    page.getByRole('button', { name: 'Save 1 task' }),
  ).toBeDisabled();
  await page.getByRole('combobox', { name: 'Project' }).fill('ml-training');
  // Escape would close the list, and leaves what was typed.
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Save 1 task' }).click();
  await page.getByRole('link', { name: 'ml-training' }).click();
  await page.waitForURL(/\/tasks\/projects\/[0-9a-f-]{36}$/);
  const projectId = page.url().slice(-36);
  const project = () =>
    readJson<ProjectView>(page, `${app.url}/api/projects/${projectId}`);
  await expect(page.getByText('flytekit’s own')).toBeVisible();
  await expect(page.getByText('1 task on the default image')).toBeVisible();

  const field = page.getByLabel('Image of tasks without one');
  await field.fill('Not An Image');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  await field.fill(image);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText('Saved.')).toBeVisible();
  await page.getByRole('button', { name: 'Check now' }).click();
  await expect(page.getByText('Public', { exact: true })).toBeVisible();
  await expect
    .poll(async () => (await project()).image.digest)
    .toBe(images.base.digest);
  await expectUsable(page, 'the page of a project');

  await page.locator(`[data-digest="${images.base.digest}"] a`).first().click();
  await page.waitForURL(/\/images\//);
  const users = page.getByRole('table', { name: 'Tasks on this image' });
  await expect(users.getByRole('row', { name: /fit/ })).toContainText(
    'ml-training',
  );
  await expect(users.getByText('default', { exact: true })).toBeVisible();

  await page.goto(`${app.url}/tasks?project=${projectId}`);
  await page.getByRole('link', { name: 'workflow.fit' }).click();
  await page
    .getByRole('navigation', { name: 'Breadcrumb' })
    .getByRole('link', { name: 'ml-training' })
    .click();
  await page.getByRole('button', { name: 'Return to the team' }).click();
  await expect(page.getByText('The project sets none now.')).toBeVisible();
  expect((await project()).image.from).toBe('flytekit');
  await expect(page.getByRole('button', { name: 'Delete' })).toBeDisabled();

  // The next import begins with the project used last.
  await page.goto(`${app.url}/tasks/import`);
  await expect(page.getByRole('combobox', { name: 'Project' })).toHaveValue(
    'ml-training',
  );
});

test('an empty project is renamed and deleted', async ({ page, app }) => {
  await enter(page, app);
  await page.goto(`${app.url}/tasks/projects`);
  await page.getByRole('button', { name: 'New project' }).first().click();
  await page.getByRole('textbox', { name: 'Name' }).fill('short-lived');
  await page.getByRole('button', { name: 'Create it' }).click();
  await page.waitForURL(/\/tasks\/projects\/[0-9a-f-]{36}$/);
  await page.getByRole('button', { name: 'Rename' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('renamed');
  await page.getByRole('button', { name: 'Rename it' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('renamed');
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('button', { name: 'Delete it' }).click();
  await page.waitForURL(`${app.url}/tasks/projects`);
  await expect(page.getByRole('link', { name: 'renamed' })).toHaveCount(0);
});
