import { test as base } from '@playwright/test';
import { type App, startApp } from '@/e2e/support/app';
import { testEnv } from '@/e2e/support/test-env';

// The background services would ask for hosts of their own at every start; the sandbox does not work as root.
const CHROMIUM_ARGS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

type WorkerFixtures = {
  /** One installation for all tests of a worker, on its own data folder. */
  app: App;
};

/** Playwright's `test` with this machine's Chromium and an installation to visit. */
export const test = base.extend<object, WorkerFixtures>({
  launchOptions: [
    async ({}, provide) => {
      const isRoot = process.getuid?.() === 0;
      await provide({
        executablePath: testEnv().chromium,
        args: isRoot ? [...CHROMIUM_ARGS, '--no-sandbox'] : CHROMIUM_ARGS,
      });
    },
    { scope: 'worker' },
  ],
  app: [
    async ({}, provide) => {
      const app = await startApp();
      await provide(app);
      await app.stop();
    },
    { scope: 'worker', timeout: 330_000 },
  ],
  baseURL: async ({ app }, provide) => provide(app.url),
});

export { expect } from '@playwright/test';
