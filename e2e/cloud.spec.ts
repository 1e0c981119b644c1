import {
  addCloudRegistry,
  setEndpoints,
  storeAccessKey,
} from '@/e2e/support/cloud';
import { enter } from '@/e2e/support/site';
import { expect, test } from '@/e2e/support/test';
import { expectUsable } from '@/e2e/support/usable';
import { startFakeAws } from '@/lib/registry/testing/fake-aws';
import { startFakeGoogle } from '@/lib/registry/testing/fake-google';

const KEY_ID = 'AKIAIOSFODNN7EXAMPLE';
const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const WRONG = 'wrongXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';

test('a registry of Amazon gets its logins from an access key, and says what is wrong with one', async ({
  page,
  app,
}) => {
  const aws = await startFakeAws({
    identities: { [KEY_ID]: { secretAccessKey: SECRET, allow: ['*'] } },
  });
  await enter(page, app);
  await addCloudRegistry(page, app, {
    name: 'Amazon',
    host: '123456789012.dkr.ecr.eu-west-1.amazonaws.com',
    namespace: 'ml',
  });
  await expect(page.getByText('eu-west-1', { exact: true })).toBeVisible();
  await expect(page.getByText('made before a push')).toBeVisible();
  await setEndpoints(page, {
    'ECR API endpoint': aws.origin,
    'STS endpoint': aws.origin,
  });
  await expect(page.getByText(aws.origin).first()).toBeVisible();

  await storeAccessKey(page, { id: KEY_ID, secret: WRONG });
  await expect(
    page.getByText('not with this secret access key').first(),
  ).toBeVisible();
  expect(aws.passwords).toEqual([]);
  await storeAccessKey(page, { id: KEY_ID, secret: SECRET });
  // The login is there; the registry itself is Amazon's, and out of reach of a test.
  await expect.poll(() => aws.passwords.length).toBeGreaterThan(0);
  await expect(page.getByText(KEY_ID).first()).toBeVisible();

  await page.reload();
  const html = await page.content();
  for (const secret of [SECRET, WRONG, ...aws.passwords])
    expect(html).not.toContain(secret);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await expectUsable(page, `a registry of Amazon, ${colorScheme}`);
  }
  await aws.close();
});

test('a key file of Google is checked where it is chosen, and kept back from the page', async ({
  page,
  app,
}) => {
  const google = await startFakeGoogle();
  await enter(page, app);
  await addCloudRegistry(page, app, {
    name: 'Google',
    host: 'europe-west1-docker.pkg.dev',
    namespace: 'my-project/images',
  });
  await setEndpoints(page, { 'Token endpoint': google.tokenUrl });
  await page
    .getByRole('button', { name: /^Store a credential/ })
    .first()
    .click();
  const dialog = page.getByRole('dialog');
  const choose = (text: string) =>
    dialog.locator('input[type=file]').setInputFiles({
      name: 'key.json',
      mimeType: 'application/json',
      buffer: Buffer.from(text),
    });
  await choose('{"type":"authorized_user"}');
  await expect(dialog.getByText('a person’s own login')).toBeVisible();
  await choose(google.keyFile);
  await expect(dialog.getByText('a person’s own login')).toHaveCount(0);
  await dialog.getByRole('button', { name: 'Store and test' }).click();
  await expect(dialog).toHaveCount(0);
  await expect.poll(() => google.tokens.length).toBeGreaterThan(0);
  await expect(page.getByText(google.clientEmail).first()).toBeVisible();

  await page.reload();
  const html = await page.content();
  const { private_key } = JSON.parse(google.keyFile) as { private_key: string };
  for (const secret of [private_key.split('\n')[1] ?? '', ...google.tokens])
    expect(html).not.toContain(secret);
  await google.close();
});
