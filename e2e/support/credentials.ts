import type { Locator, Page } from '@playwright/test';
import type { App } from '@/e2e/support/app';
import { readJson } from '@/e2e/support/site';
import { expect } from '@/e2e/support/test';

/** The card of one purpose on the page of a registry. */
export const card = (page: Page, title: string): Locator =>
  page.locator('section', {
    has: page.getByRole('heading', { level: 2, name: title, exact: true }),
  });

/** Opens the page of the registry of this name, and gives its id. */
export async function openRegistry(
  page: Page,
  app: App,
  name: string,
): Promise<string> {
  const all = await readJson<{ id: string; name: string }[]>(
    page,
    `${app.url}/api/registries`,
  );
  const id = all.find((registry) => registry.name === name)?.id ?? '';
  await page.goto(`${app.url}/registries/${id}`);
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  return id;
}

/** Stores a user name and password for one purpose of the registry on screen. */
export async function storeLogin(
  page: Page,
  title: string,
  login: { username: string; password: string },
): Promise<void> {
  await card(page, title)
    .getByRole('button', { name: /Store a credential|Replace/ })
    .click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('User name', { exact: true }).fill(login.username);
  await dialog.getByLabel('Password or token').fill(login.password);
  await dialog.getByRole('button', { name: 'Store and test' }).click();
  await expect(dialog).toBeHidden();
}
