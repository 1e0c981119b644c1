import { skopeo } from '@/e2e/support/engine';
import { enter, ensureRegistry, readJson } from '@/e2e/support/site';
import { expect, test } from '@/e2e/support/test';
import { testEnv } from '@/e2e/support/test-env';
import { expectUsable } from '@/e2e/support/usable';
import type { ImageItemView } from '@/lib/registry/views';

test('an image in use that vanishes changes its matrix, its history and the alerts', async ({
  page,
  app,
}) => {
  const { registries, images } = testEnv();
  const registry = registries.password;
  const name = `access/e2e-${Date.now()}`;
  await enter(page, app);
  await ensureRegistry(page, app, {
    name: 'access',
    registry,
    namespace: 'access',
  });
  await skopeo(
    'copy',
    '--authfile',
    registry.authFile,
    `docker://${registry.host}/${images.base.name}:${images.base.tag}`,
    `docker://${registry.host}/${name}:v1`,
  );
  const { digest } = images.base;
  await page.goto(`${app.url}/tasks/import`);
  await page
    .getByLabel('Source')
    .fill(
      [
        'from flytekit import task',
        `@task(container_image="${registry.host}/${name}:v1")`,
        'def floats(): ...',
        `@task(container_image="${registry.host}/${name}@${digest}")`,
        'def pinned(): ...',
      ].join('\n'),
    );
  await page.getByRole('button', { name: 'Save 2 tasks' }).click();
  await expect(page.getByText('Imported', { exact: true })).toBeVisible();

  const find = async () => {
    const { items } = await readJson<{ items: ImageItemView[] }>(
      page,
      `${app.url}/api/images`,
    );
    return items.find(({ repository }) => repository.endsWith(name));
  };
  // The sweep looks at it by itself.
  await expect
    .poll(async () => (await find())?.verdict, { timeout: 90_000 })
    .toBe('private');
  const image = await find();
  await page.goto(`${app.url}/images/${image?.repositoryId ?? ''}/${digest}`);
  const matrix = page.getByRole('table', { name: 'Who can pull it' });
  await matrix.getByRole('button', { name: /Stored push credential/ }).click();
  await expect(page.getByText(/This credential can pull it for/)).toBeVisible();
  await expectUsable(page, 'image with a matrix');

  const deleted = await page.request.delete(
    `${registry.url}/v2/${name}/manifests/${digest}`,
    {
      ignoreHTTPSErrors: true,
      headers: {
        authorization: `Basic ${Buffer.from(`${registry.username}:${registry.password}`).toString('base64')}`,
      },
    },
  );
  expect(deleted.status()).toBe(202);
  await page.getByRole('button', { name: 'Check again' }).click();
  const history = page.getByRole('table', { name: 'History of access' });
  await expect(history.getByText('Tag missing').first()).toBeVisible();
  await history
    .getByRole('button', { name: /See what was seen/ })
    .first()
    .click();
  await expect(page.getByRole('dialog')).toContainText('requests behind this');
  await page.keyboard.press('Escape');

  await page.reload();
  await page.getByRole('link', { name: /Alerts, \d+ unread/ }).click();
  await expect(page.getByText(/vanished/)).toBeVisible();
  await expectUsable(page, 'alerts');
  await page.getByRole('button', { name: 'Mark all read' }).click();
  await expect(
    page.getByRole('link', { name: 'Alerts', exact: true }).first(),
  ).toBeVisible();
  await page
    .getByRole('row', { name: /vanished/ })
    .getByRole('button', { name: 'Settle' })
    .click();
  await expect(page.getByText(/vanished/)).toBeHidden();
});
