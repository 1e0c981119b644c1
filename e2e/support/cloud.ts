import type { Page } from '@playwright/test';
import type { App } from '@/e2e/support/app';
import { expect } from '@/e2e/support/test';

/** Adds a registry that a cloud makes the logins of, and gives its id. */
export async function addCloudRegistry(
  page: Page,
  app: App,
  form: { name: string; host: string; namespace: string },
): Promise<string> {
  await page.goto(`${app.url}/registries/new`);
  await page.getByLabel('Name', { exact: true }).fill(form.name);
  await page.getByLabel('Host').fill(form.host);
  await page.getByLabel('Namespace').fill(form.namespace);
  await page.getByRole('button', { name: 'Add and test' }).click();
  await page.waitForURL(/\/registries\/[0-9a-f-]{36}/);
  return /[0-9a-f-]{36}/.exec(page.url())?.[0] ?? '';
}

/** Sets fields of the settings of the registry on screen, such as where its cloud is asked. */
export async function setEndpoints(
  page: Page,
  fields: Record<string, string>,
): Promise<void> {
  await page.getByRole('button', { name: 'Settings' }).click();
  for (const [label, value] of Object.entries(fields))
    await page.getByLabel(label).fill(value);
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
}

/** Stores an access key of Amazon for the registry on screen, for the first purpose it has. */
export async function storeAccessKey(
  page: Page,
  key: { id: string; secret: string },
): Promise<void> {
  await page
    .getByRole('button', { name: /^(Store a credential|Replace)/ })
    .first()
    .click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Access key ID').fill(key.id);
  await dialog.getByLabel('Secret access key').fill(key.secret);
  await dialog.getByRole('button', { name: 'Store and test' }).click();
  await expect(dialog).toHaveCount(0);
}
