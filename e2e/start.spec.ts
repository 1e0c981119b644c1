import { expect, test } from '@/e2e/support/test';

test('a fresh installation leads to its one-time set-up link', async ({
  app,
  page,
}) => {
  await page.goto(app.setUpLink());
  await expect(page).toHaveTitle(/Imageyard/);
  await expect(page.getByRole('heading').first()).toBeVisible();
});

for (const part of ['app', 'worker', 'database'] as const) {
  test(`the ${part} comes back after kill -9`, async ({ app, page }) => {
    const before = app.pidOf(part);
    await app.kill(part);
    expect(app.pidOf(part)).not.toBe(before);
    await page.goto('/sign-in');
    await expect(page.getByRole('heading').first()).toBeVisible();
  });
}
