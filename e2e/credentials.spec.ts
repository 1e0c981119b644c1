import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { card, openRegistry, storeLogin } from '@/e2e/support/credentials';
import { ensureRegistry, enter } from '@/e2e/support/site';
import { expect, test } from '@/e2e/support/test';
import { testEnv } from '@/e2e/support/test-env';
import { expectUsable } from '@/e2e/support/usable';

const CANARY = `canary-${randomBytes(12).toString('hex')}`;

test('a credential for the cluster is stored, found wrong, replaced and exported once', async ({
  page,
  app,
}) => {
  await enter(page, app);
  const { password } = testEnv().registries;
  await ensureRegistry(page, app, {
    name: 'keys',
    registry: password,
    namespace: 'keys',
  });
  const id = await openRegistry(page, app, 'keys');
  const cluster = card(page, 'Cluster');
  // What leaves for a cluster is never the credential that may push.
  await expect(
    cluster.getByRole('button', { name: 'Export for the cluster' }),
  ).toHaveAttribute('aria-disabled', 'true');

  await storeLogin(page, 'Cluster', { username: 'robot', password: CANARY });
  await expect(cluster.getByText('Pull refused')).toBeVisible();
  await page.goto(app.url);
  const row = page.getByRole('row').filter({ hasText: 'keys' });
  await expect(row.getByText('cluster credential')).toBeVisible();

  await openRegistry(page, app, 'keys');
  await storeLogin(page, 'Cluster', password);
  await expect(cluster.getByText('Pull accepted')).toBeVisible();
  await expectUsable(page, `/registries/${id}`);

  await cluster.getByRole('button', { name: 'Export for the cluster' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Namespace').fill('Not a name');
  await dialog.getByRole('button', { name: 'Show the secret' }).click();
  await expect(dialog.getByText('Small letters, digits')).toBeVisible();
  await dialog.getByLabel('Namespace').fill('flyte');
  const answered = page.waitForResponse(
    (response) => response.request().method() === 'POST',
  );
  await dialog.getByRole('button', { name: 'Show the secret' }).click();
  expect((await answered).headers()['cache-control']).toContain('no-store');
  await expect(
    dialog.getByText('kubectl apply -f imageyard-pull.yaml'),
  ).toBeVisible();
  const download = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'imageyard-pull.json' }).click();
  const file = await readFile(await (await download).path(), 'utf8');
  expect(JSON.parse(file)).toEqual({
    auths: {
      [password.host]: {
        username: password.username,
        password: password.password,
        auth: Buffer.from(`${password.username}:${password.password}`).toString(
          'base64',
        ),
      },
    },
  });
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  expect(await page.content()).not.toContain(password.password);
  for (const address of [`/registries/${id}`, `/api/registries/${id}`]) {
    const text = await (await page.request.get(app.url + address)).text();
    expect(text).not.toContain(password.password);
    expect(text).not.toContain(CANARY);
  }
});

test('a config.json is looked at before anything is stored, and leaves nothing behind', async ({
  page,
  app,
}) => {
  await enter(page, app);
  const { registries } = testEnv();
  await ensureRegistry(page, app, {
    name: 'imported',
    registry: registries.password,
    namespace: 'imported',
  });
  const { username, password, host } = registries.password;
  const auth = Buffer.from(`${username}:${password}`).toString('base64');
  const config = {
    auths: {
      [host]: { auth },
      'https://quay.io/v2/': { username: 'me', password: CANARY },
      'ghcr.io': {},
    },
    credsStore: 'desktop',
  };
  await page.goto(`${app.url}/registries/import`);
  await expectUsable(page, '/registries/import');
  await page.getByLabel('config.json', { exact: true }).fill('no json');
  await page.getByRole('button', { name: 'Look what is in it' }).click();
  await expect(page.getByText('This is not the JSON')).toBeVisible();

  await page.getByLabel('config.json file').setInputFiles({
    name: 'config.json',
    mimeType: 'application/json',
    buffer: Buffer.from(JSON.stringify(config)),
  });
  await page.getByRole('button', { name: 'Look what is in it' }).click();
  await expect(
    page.getByText('Not run: docker-credential-desktop'),
  ).toBeVisible();
  const rows = page.getByRole('row');
  await expect(rows.filter({ hasText: 'ghcr.io' })).toContainText('left out');
  const known = rows.filter({ hasText: 'the push credential of imported' });
  await expect(known).toContainText('replaces');
  await expectUsable(page, 'the preview of an import');
  // A secret that is there is replaced only when that was chosen.
  await known.getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Store 2 credentials' }).click();
  await expect(page.getByText('each is being tested now')).toBeVisible();
  const made = page.getByRole('link', { name: 'Quay' });
  await expect(made).toBeVisible();
  expect(await page.content()).not.toContain(CANARY);
  await page.getByRole('link', { name: 'imported' }).click();
  await expect(card(page, 'Push').getByText('Push accepted')).toBeVisible();
  await page.goto(`${app.url}/registries/import`);
  await expect(page.getByLabel('config.json', { exact: true })).toHaveValue('');
});
