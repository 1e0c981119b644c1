import { expect, type Page } from '@playwright/test';
import type { App } from '@/e2e/support/app';
import { imageIn, testEnv, type TestRegistry } from '@/e2e/support/test-env';

export const OWNER = {
  name: 'Ada',
  email: 'ada@example.com',
  password: 'correct horse battery staple',
};

const withOwner = new WeakSet<App>();

/** Signs the page in, as the owner, whom the first call makes. */
export async function enter(page: Page, app: App): Promise<void> {
  if (withOwner.has(app)) return signIn(page, app);
  await setUp(page, app);
  withOwner.add(app);
}

/** Makes the owner's account by the one-time link; the page is signed in afterwards. */
async function setUp(page: Page, app: App): Promise<void> {
  await page.goto(app.setUpLink());
  await page.getByLabel('Team').fill('Research');
  await page.getByLabel('Your name').fill(OWNER.name);
  await page.getByLabel('E-mail').fill(OWNER.email);
  await page.getByLabel('Password', { exact: true }).fill(OWNER.password);
  await page.getByRole('button', { name: 'Create the account' }).click();
  await page.waitForURL(`${app.url}/`);
}

/** Signs in on the sign-in page. */
async function signIn(page: Page, app: App): Promise<void> {
  await page.goto(`${app.url}/sign-in`);
  await page.getByLabel('E-mail').fill(OWNER.email);
  await page.getByLabel('Password', { exact: true }).fill(OWNER.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(`${app.url}/`);
}

type RegistryForm = {
  name: string;
  registry: TestRegistry & { username?: string; password?: string };
  namespace: string;
};

/** Adds a registry unless one of that name is there. */
export async function ensureRegistry(
  page: Page,
  app: App,
  form: RegistryForm,
): Promise<void> {
  const known = await readJson<{ name: string }[]>(
    page,
    `${app.url}/api/registries`,
  );
  if (!known.some(({ name }) => name === form.name))
    await addRegistry(page, app, form);
}

/** Adds one of the test's own registries by its name there, to push to `acme` in it, unless it is there. */
export async function ensureTestRegistry(
  page: Page,
  app: App,
  name: 'tls' | 'plain' | 'password',
): Promise<void> {
  const registry = testEnv().registries[name];
  await ensureRegistry(page, app, { name, registry, namespace: 'acme' });
}

/** Adds a registry by its form and waits for the page that tests it. */
async function addRegistry(
  page: Page,
  app: App,
  { name, registry, namespace }: RegistryForm,
): Promise<void> {
  await page.goto(`${app.url}/registries/new`);
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Host').fill(registry.host);
  await page.getByLabel('Namespace').fill(namespace);
  if (registry.url.startsWith('http:'))
    await page.getByRole('switch', { name: 'Plain http' }).click();
  // A private address is not shown to be one before the server has looked; the form then asks.
  const allow = page.getByRole('switch', { name: 'Allow this address' });
  if (!(await allow.isVisible())) {
    await page.getByRole('button', { name: 'Add and test' }).click();
    await expect(allow).toBeVisible();
  }
  await allow.click();
  if (registry.username !== undefined && registry.password !== undefined) {
    await page.getByLabel('User name', { exact: true }).fill(registry.username);
    await page.getByLabel('Password or token').fill(registry.password);
  }
  await page.getByRole('button', { name: 'Add and test' }).click();
  await page.waitForURL(/\/registries\/[0-9a-f-]{36}/);
}

type SpecForm = {
  name: string;
  /** Name of the registry it pushes to, as it was added. */
  registryName: string;
  /** Where the base and the uv helper image are pulled from. */
  registry: TestRegistry;
  /** The spec of the team it stands on, instead of the test's base image. */
  base?: string;
  packages?: string[];
  aptPackages?: string[];
  env?: string[];
  commands?: string[];
};

/** Fills the form of a new spec on the test base: its own Python, the test's uv. */
export async function fillSpec(
  page: Page,
  app: App,
  spec: SpecForm,
): Promise<void> {
  const { images } = testEnv();
  await page.goto(`${app.url}/specs/new`);
  await page.getByLabel('Name', { exact: true }).fill(spec.name);
  await page.getByLabel('Registry', { exact: true }).click();
  // One installation serves many tests: another one's registry may begin with the same word.
  await page
    .getByRole('option', { name: new RegExp(`^${spec.registryName} · `) })
    .click();
  if (spec.base === undefined) {
    await page
      .getByLabel('Base image')
      .fill(imageIn(spec.registry, images.base));
  } else {
    await page.getByLabel('Stands on').click();
    await page.getByRole('option', { name: `the spec ${spec.base}` }).click();
  }
  const lines: [label: string, values: string[] | undefined][] = [
    ['Python packages', spec.packages],
    ['apt packages', spec.aptPackages],
    ['Environment', spec.env],
    ['Commands', spec.commands],
  ];
  for (const [label, values] of lines)
    if (values) await page.getByLabel(label).fill(values.join('\n'));
  await openGroup(page, 'Advanced');
  await openGroup(page, 'Builder');
  await page.getByLabel('python_exec').fill('/usr/bin/python3');
  await page
    .getByLabel('builder_config: uv_image')
    .fill(imageIn(spec.registry, images.uv));
}

/** Opens one of the form's groups of fields, unless it is open. */
export async function openGroup(page: Page, name: string): Promise<void> {
  const group = page.getByRole('button', { name: new RegExp(`^${name} `) });
  if ((await group.getAttribute('aria-expanded')) === 'false')
    await group.click();
}

/** Saves the spec, starts its build and gives the build's id. */
export async function saveAndBuild(page: Page): Promise<string> {
  const started = () => page.waitForURL(/\/builds\/[0-9a-f-]{36}$/);
  await page.getByRole('button', { name: 'Save and build' }).click();
  // Registries that are kept hold what an earlier run pushed.
  const question = page.getByRole('dialog', {
    name: /in the registry already/,
  });
  const isAsked = question.waitFor().then(
    () => true,
    () => false,
  );
  if (await Promise.race([started().then(() => false), isAsked])) {
    await question.getByRole('button', { name: 'Rebuild' }).click();
    await started();
  }
  return page.url().slice(-36);
}

/** Waits until the build page on screen says how it ended. */
export async function expectState(
  page: Page,
  state: string,
  timeoutMs = 240_000,
): Promise<void> {
  await expect(
    page.getByRole('main').getByText(state, { exact: true }).first(),
  ).toBeVisible({ timeout: timeoutMs });
}

/** What one of our own GET routes gives the signed-in browser. */
export async function readJson<T>(page: Page, path: string): Promise<T> {
  const response = await page.request.get(path);
  expect(response.status(), path).toBe(200);
  return (await response.json()) as T;
}
