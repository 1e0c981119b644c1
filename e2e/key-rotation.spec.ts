import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { App } from '@/e2e/support/app';
import { card, openRegistry } from '@/e2e/support/credentials';
import { filesWith } from '@/e2e/support/secret-search';
import { ensureRegistry, enter, readJson } from '@/e2e/support/site';
import { expect, test } from '@/e2e/support/test';
import { testEnv } from '@/e2e/support/test-env';
import type { RegistryView } from '@/lib/registry/views';

const CHECKOUT = path.join(import.meta.dirname, '..');

async function rotateKey(app: App): Promise<string> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['start/rotate-key.js'],
    {
      cwd: CHECKOUT,
      env: { ...process.env, DATABASE_URL: '', IMAGEYARD_DATA: app.dataFolder },
    },
  );
  return stdout;
}

test('a new key ends every session, opens what was stored, and leaves nothing of the one before', async ({
  page,
  app,
}) => {
  await enter(page, app);
  await ensureRegistry(page, app, {
    name: 'rotated',
    registry: testEnv().registries.password,
    namespace: 'rotated',
  });
  const push = card(page, 'Push');
  await expect(push.getByText('Push accepted')).toBeVisible();
  const keyFile = path.join(app.dataFolder, 'key');
  const before = (await readFile(keyFile, 'utf8')).trim();

  expect(await rotateKey(app)).toMatch(/Done: \d+ sealed with the key/);
  expect(filesWith(app.dataFolder, before)).toEqual([]);
  const api = await page.request.get(`${app.url}/api/registries`);
  expect(api.status()).toBe(401);
  await page.goto(`${app.url}/registries`);
  await expect(page).toHaveURL(/\/sign-in/);

  await enter(page, app);
  const id = await openRegistry(page, app, 'rotated');
  const rotatedAt = Date.now();
  await push.getByRole('button', { name: 'Test' }).click();
  const check = async () => {
    const { credentials } = await readJson<RegistryView>(
      page,
      `${app.url}/api/registries/${id}`,
    );
    const last = credentials[0]?.lastCheck;
    return last && Date.parse(last.at) > rotatedAt ? last : null;
  };
  await expect
    .poll(check)
    .toMatchObject({ push: { outcome: 'accepted' }, fault: null });
});
