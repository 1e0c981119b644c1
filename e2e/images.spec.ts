import type { Page } from '@playwright/test';
import { ensureRegistry, enter } from '@/e2e/support/site';
import { expect, test } from '@/e2e/support/test';
import { imageIn, testEnv } from '@/e2e/support/test-env';
import { expectUsable } from '@/e2e/support/usable';

const { registries, images } = testEnv();
const base = images.base.name;
const at = `${registries.plain.host}/${base}`;

test.describe.configure({ mode: 'serial', timeout: 120_000 });

/** Opens the repository of the base image in the open registry by search. */
async function openRepository(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/images/repositories?q=${encodeURIComponent(at)}`);
  await page.getByRole('link', { name: base, exact: false }).first().click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(base);
}

async function openBase(page: Page, url: string): Promise<void> {
  await openRepository(page, url);
  await page
    .getByRole('row')
    .filter({ hasText: images.base.tag })
    .getByRole('link', { name: /^sha256:/ })
    .first()
    .click();
  await expect(page).toHaveURL(/\/images\/[0-9a-f-]{36}\/sha256:[0-9a-f]{64}$/);
  await expect(page).toHaveTitle(new RegExp(`^${base} sha256:`));
}

test('reads every repository of a registry, and finds an image by its tag', async ({
  page,
  app,
}) => {
  await enter(page, app);
  for (const [name, registry] of [
    ['Inventory', registries.plain],
    ['Elsewhere', registries.password],
  ] as const)
    await ensureRegistry(page, app, { name, registry, namespace: '' });
  await page.goto(`${app.url}/registries`);
  await page.getByRole('link', { name: 'Inventory' }).click();
  await page.getByRole('button', { name: 'Read its images' }).click();
  await expect(page).toHaveURL(/\/images\/repositories\?q=/);
  await expect(page.getByRole('link', { name: base }).first()).toBeVisible({
    timeout: 60_000,
  });
  await openRepository(page, app.url);
  await expect(
    page.getByRole('row').filter({ hasText: images.base.tag }),
  ).toContainText('sha256:', { timeout: 60_000 });
  await expect(page).toHaveTitle(`${base} · Imageyard`);
  await expectUsable(page, 'a repository');
  await page.goto(`${app.url}/images?tag=${images.base.tag}`);
  await expect(page.getByRole('row').filter({ hasText: base })).not.toHaveCount(
    0,
  );
  await expectUsable(page, 'images by tag');
  await page.goto(`${app.url}/images?tag=no-such-tag`);
  await expect(page.getByText(/no image/i).first()).toBeVisible();
});

test('gives an image one more tag, and takes the tag away again', async ({
  page,
  app,
}) => {
  await enter(page, app);
  await openBase(page, app.url);
  await page.getByRole('button', { name: 'Tag', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Tag', { exact: true }).fill('kept');
  await dialog.getByRole('button', { name: 'Tag it' }).click();
  await expect(dialog).toBeHidden();
  const tags = await page.request.get(
    `${registries.plain.url}/v2/${base}/tags/list`,
  );
  expect(((await tags.json()) as { tags: string[] }).tags).toContain('kept');
  await openRepository(page, app.url);
  const row = page.getByRole('row').filter({ hasText: 'kept' });
  await row.getByRole('button', { name: /Delete/ }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /Delete/ })
    .click();
  // Debian's registry deletes digests only, which the dialog says in words.
  await expect(page.getByRole('dialog')).toContainText(/tag/i);
});

test('copies an image to another registry, digest unchanged', async ({
  page,
  app,
}) => {
  await enter(page, app);
  await openBase(page, app.url);
  const digest = /sha256:[0-9a-f]{64}$/.exec(page.url())?.[0];
  await page.getByRole('button', { name: 'Copy', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Registry').click();
  await page.getByRole('option', { name: /Elsewhere/ }).click();
  await dialog.getByLabel('Repository').fill('copied/base');
  await dialog.getByRole('button', { name: 'Start copying' }).click();
  await expect(page).toHaveURL(/\/images\/copies\//);
  await expect(page.getByText(/copied/i).first()).toBeVisible({
    timeout: 60_000,
  });
  const { username, password, url } = registries.password;
  const login = Buffer.from(`${username}:${password}`).toString('base64');
  await expect
    .poll(
      async () =>
        (
          await page.request.head(
            `${url}/v2/copied/base/manifests/${String(digest)}`,
            {
              headers: {
                authorization: `Basic ${login}`,
                accept:
                  'application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json',
              },
              ignoreHTTPSErrors: true,
            },
          )
        ).status(),
      { timeout: 60_000 },
    )
    .toBe(200);
  await expect(page).toHaveTitle(`Copy of ${at} · Imageyard`);
  await expectUsable(page, 'a copy');
});

test('refuses to delete what a task runs on, until an owner types its name', async ({
  page,
  app,
}) => {
  await enter(page, app);
  await page.goto(`${app.url}/tasks/import`);
  await page
    .getByLabel('Source')
    .fill(
      `from flytekit import task\n\n@task(container_image="${imageIn(registries.plain, images.base)}@${images.base.digest}")\ndef kept(): ...\n`,
    );
  await page.getByRole('button', { name: /^Save/ }).click();
  await expect(page.getByText(/1 task/).first()).toBeVisible();
  await openBase(page, app.url);
  await expectUsable(page, 'an image in use');
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('A task will not start any more.');
  await expect(dialog.getByRole('button', { name: /^Delete/ })).toBeDisabled();
  await dialog.getByLabel(/Type the repository/).fill(at);
  await expect(dialog.getByRole('button', { name: /^Delete/ })).toBeEnabled();
});
