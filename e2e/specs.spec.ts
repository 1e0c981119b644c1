import type { Page } from '@playwright/test';
import type { App } from '@/e2e/support/app';
import { runInImage } from '@/e2e/support/engine';
import {
  ensureRegistry,
  enter,
  expectState,
  fillSpec,
  openGroup,
  readJson,
  saveAndBuild,
} from '@/e2e/support/site';
import { expect, test } from '@/e2e/support/test';
import { testEnv } from '@/e2e/support/test-env';
import { expectUsable } from '@/e2e/support/usable';
import type { BuildView } from '@/lib/build/views';
import type { SpecView } from '@/lib/build/spec-views';
import { tgzOf } from '@/lib/services/testing/archive-files';

const BUILD_MS = 300_000;
const SECRET = 'machine pypi.example.com login me password of-the-secret-test';

test.describe.configure({ mode: 'serial', timeout: 2 * BUILD_MS });

test.beforeEach(async ({ page, app }) => {
  await enter(page, app);
  await ensureRegistry(page, app, {
    // Not `tls`, which the walk adds with a namespace of its own.
    name: 'whole',
    registry: testEnv().registries.tls,
    namespace: 'whole',
  });
});

const form = (name: string) => ({
  name,
  registryName: 'whole',
  registry: testEnv().registries.tls,
});

async function readSpec(page: Page, app: App): Promise<SpecView> {
  const id = new URL(page.url()).pathname.split('/')[2] ?? '';
  return readJson<SpecView>(page, `${app.url}/api/specs/${id}`);
}

test('a spec on another is built after it, with a mounted secret and files of the project', async ({
  page,
  app,
}) => {
  await page.goto(`${app.url}/secrets`);
  await page.getByRole('button', { name: 'Add a secret' }).first().click();
  await page.getByLabel('Name').fill('netrc');
  await page.getByRole('textbox', { name: 'Content' }).fill(SECRET);
  await page.getByRole('dialog').getByRole('button', { name: 'Store' }).click();
  await expect(
    page.getByRole('cell', { name: 'netrc', exact: true }),
  ).toBeVisible();

  await fillSpec(page, app, { ...form('whole-base'), aptPackages: ['tree'] });
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.waitForURL(/\/specs\/[0-9a-f-]{36}$/);

  await fillSpec(page, app, {
    ...form('whole-child'),
    base: 'whole-base',
    packages: ['tabulate==0.9.0'],
    commands: ['test ! -e /root/.netrc', 'test -f /root/data/deep/note.txt'],
  });
  await openGroup(page, 'Package indexes and secrets');
  await page.getByLabel('pip_secret_mounts').fill('netrc /root/.netrc');
  await openGroup(page, 'Project files');
  await page.locator('input[type=file]').setInputFiles({
    name: 'project.tgz',
    mimeType: 'application/gzip',
    buffer: await tgzOf(
      { name: 'data/deep/note.txt', text: 'from the project' },
      { name: 'train.py', text: 'print()' },
    ),
  });
  await page.getByLabel('copy', { exact: true }).fill('data');
  await expect(page.getByText('whole/whole-child:').first()).toBeVisible();
  await expect(page.getByText('to correct')).toHaveCount(0);

  const id = await saveAndBuild(page);
  await expectState(page, 'Published', 2 * BUILD_MS);
  const build = await readJson<BuildView>(page, `${app.url}/api/builds/${id}`);
  expect(build.base).toMatchObject({
    specName: 'whole-base',
    state: 'published',
  });
  expect(build.dockerfile).toMatch(/^FROM \S+\/whole\/whole-base@sha256:/m);
  expect(JSON.stringify(build)).not.toContain('of-the-secret-test');
  await expectUsable(page, 'a build on another');

  const output = await runInImage(
    `${build.repository.name}@${build.digest ?? ''}`,
    [
      'bash',
      '-c',
      'id -un; cat /root/data/deep/note.txt; echo; stat -c %U /root/data/deep/note.txt; command -v tree; python -c "import tabulate, flytekit; print(tabulate.__version__)"; ls -a /root',
    ],
    [],
  );
  expect(output).toMatch(
    /^flytekit\r?\nfrom the project\r?\nflytekit\r?\n\/usr\/bin\/tree\r?\n0\.9\.0\r?\n/,
  );
  expect(output).not.toContain('.netrc');
});

test('code and form stay in step, and a check mends the spec', async ({
  page,
  app,
}) => {
  await page.goto(`${app.url}/specs/new`);
  await page.getByLabel('Name', { exact: true }).fill('two-way');
  await page.getByRole('tab', { name: 'Code' }).click();
  const code = page.getByRole('textbox', { name: 'Python code' });
  await expect(code).toContainText('two-way');
  await code.click();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.insertText(
    'from flytekit import ImageSpec\nimage = ImageSpec(name="two-way", conda_packages=["scipy=1.13.0"], cuda="12").with_packages(["pandas"])\n',
  );
  await expect(page.getByLabel('Python packages')).toHaveValue('pandas');
  await openGroup(page, 'Conda');
  await expect(page.getByLabel('conda packages')).toHaveValue('scipy=1.13.0');
  await page.getByLabel('Python packages').fill('numpy');
  await expect(code).toContainText('numpy');

  await page.getByRole('tab', { name: /^Checks/ }).click();
  const checks = page.getByRole('tabpanel');
  await expect(checks.getByText(/cuda/).first()).toBeVisible();
  await expectUsable(page, 'the checks');
  await checks.getByRole('button', { name: /cuda/ }).last().click();
  await openGroup(page, 'Builder');
  await expect(page.getByLabel('cuda', { exact: true })).toHaveValue('');

  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.waitForURL(/\/specs\/[0-9a-f-]{36}$/);
  const { revision } = await readSpec(page, app);
  expect(revision.fields).toMatchObject({
    packages: ['numpy'],
    conda_packages: ['scipy=1.13.0'],
  });
  expect(revision.fields).not.toHaveProperty('cuda');
});

test('a spec shows its tags by release, its use elsewhere and its revisions side by side', async ({
  page,
  app,
}) => {
  await page.goto(`${app.url}/specs`);
  await page.getByRole('link', { name: 'two-way' }).first().click();
  await page.waitForURL(/\/specs\/[0-9a-f-]{36}$/);
  const { id, revision } = await readSpec(page, app);
  for (const tab of ['Lint and tags', 'Use it']) {
    await page.getByRole('link', { name: tab }).click();
    await expect(page.getByText(revision.tag).first()).toBeVisible();
    await expectUsable(page, tab);
  }
  const starter = await page.request.get(`${app.url}/api/specs/${id}/starter`);
  expect(starter.headers()['content-type']).toBe('application/gzip');

  await page.goto(`${app.url}/specs/${id}/edit`);
  await page.getByLabel('Python packages').fill('numpy\npolars');
  await page.getByRole('button', { name: 'Save revision' }).click();
  await page.waitForURL(/\/specs\/[0-9a-f-]{36}$/);
  await page.goto(`${app.url}/specs/${id}/revisions/1`);
  await expect(page.getByText('From revision 1 to 2')).toBeVisible();
  await expectUsable(page, 'two revisions');
  await page.getByRole('button', { name: 'Restore' }).click();
  await page.getByRole('button', { name: 'Save it as revision 3' }).click();
  await page.waitForURL(/\/specs\/[0-9a-f-]{36}$/);
  await expect(page.getByText('revision 3', { exact: true })).toBeVisible();

  await page.goto(`${app.url}/specs/find`);
  await page.getByLabel('Tag or image reference').fill(revision.tag);
  await page.getByRole('button', { name: 'Find' }).click();
  await expect(
    page.getByRole('link', { name: 'two-way, revision 3' }),
  ).toBeVisible();
});
