import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import type { App } from '@/e2e/support/app';
import {
  addCloudRegistry,
  setEndpoints,
  storeAccessKey,
} from '@/e2e/support/cloud';
import { card, openRegistry, storeLogin } from '@/e2e/support/credentials';
import { ensureRegistry } from '@/e2e/support/site';
import { expect } from '@/e2e/support/test';
import { testEnv } from '@/e2e/support/test-env';
import { startFakeAws } from '@/lib/registry/testing/fake-aws';

const KEY_ID = 'AKIAIOSFODNN7EXAMPLE';
/** Forty characters, of those an access key of Amazon may hold. */
const canary = (what: string) =>
  `${what}${randomBytes(20)
    .toString('hex')
    .slice(what.length + 2)}/+`;

type Planted = {
  /** What must be readable nowhere, by what it is. */
  secrets: Record<string, string>;
  close: () => Promise<void>;
};

/** Brings in a secret by every way there is beside the form of a registry, and uses each once. */
export async function plantCredentials(page: Page, app: App): Promise<Planted> {
  const exported = await plantExported(page, app);
  const imported = await plantImported(page, app);
  const { close, secrets } = await plantCloud(page, app);
  return { close, secrets: { ...exported, ...imported, ...secrets } };
}

/** The cluster's credential, handed out as a pull secret. */
async function plantExported(page: Page, app: App) {
  const cluster = canary('cluster');
  await ensureRegistry(page, app, {
    name: 'exported',
    registry: testEnv().registries.tls,
    namespace: 'exported',
  });
  await openRegistry(page, app, 'exported');
  await storeLogin(page, 'Cluster', { username: 'pod', password: cluster });
  await card(page, 'Cluster')
    .getByRole('button', { name: 'Export for the cluster' })
    .click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Show the secret' }).click();
  const download = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'imageyard-pull.json' }).click();
  const file = await readFile(await (await download).path(), 'utf8');
  // It did leave, so what is searched for is what a log line of it would hold.
  expect(file).toContain(cluster);
  return { cluster, exported: file };
}

/** A login out of a pasted `config.json`. */
async function plantImported(page: Page, app: App) {
  const imported = canary('imported');
  await page.goto(`${app.url}/registries/import`);
  await page.getByLabel('config.json', { exact: true }).fill(
    JSON.stringify({
      auths: {
        'imported.example.com': { username: 'me', password: imported },
      },
    }),
  );
  await page.getByRole('button', { name: 'Look what is in it' }).click();
  await page.getByRole('button', { name: 'Store 1 credential' }).click();
  await expect(page.getByText('being tested now')).toBeVisible();
  return { imported };
}

/** An access key of a cloud, and the login that was made from it. */
async function plantCloud(page: Page, app: App): Promise<Planted> {
  const cloud = canary('cloud');
  const aws = await startFakeAws({
    identities: { [KEY_ID]: { secretAccessKey: cloud, allow: ['*'] } },
  });
  await addCloudRegistry(page, app, {
    name: 'cloud canary',
    host: '123456789012.dkr.ecr.eu-west-1.amazonaws.com',
    namespace: 'canary',
  });
  await setEndpoints(page, {
    'ECR API endpoint': aws.origin,
    'STS endpoint': aws.origin,
  });
  await storeAccessKey(page, { id: KEY_ID, secret: cloud });
  await expect.poll(() => aws.passwords.length).toBeGreaterThan(0);
  return {
    secrets: { cloud, cloudLogin: aws.passwords[0] ?? '' },
    close: aws.close,
  };
}
