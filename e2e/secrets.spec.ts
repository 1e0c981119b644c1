import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { inspectImage, openEngine, skopeo } from '@/e2e/support/engine';
import { filesWith, holds, processesWith } from '@/e2e/support/secret-search';
import { plantCredentials } from '@/e2e/support/planted-credentials';
import {
  ensureRegistry,
  ensureTestRegistry,
  enter,
  expectState,
  openGroup,
  fillSpec,
  OWNER,
  readJson,
  saveAndBuild,
} from '@/e2e/support/site';
import { expect, test } from '@/e2e/support/test';
import { testEnv } from '@/e2e/support/test-env';
import { until } from '@/e2e/support/until';
import type { BuildView } from '@/lib/build/views';

test.describe.configure({ timeout: 600_000 });

// Characters that every escape writes differently.
const CANARY = `c4"n/ry+${randomBytes(12).toString('hex')}&%é`;
// What a build reads as a file: on one line, as a password in it would be.
const BUILD_CANARY = `b"u/i+${randomBytes(12).toString('hex')}&%ü`;
const PLANTED = `planted-${randomBytes(12).toString('hex')}`;

test('no secret is readable anywhere but where it belongs', async ({
  page,
  app,
}) => {
  await enter(page, app);
  const { registries } = testEnv();
  const { password } = registries;
  await ensureTestRegistry(page, app, 'password');
  await ensureRegistry(page, app, {
    name: `canary ${PLANTED}`,
    registry: { ...registries.tls, username: 'robot', password: CANARY },
    namespace: 'canary',
  });
  await expect(
    page.getByText('Tested').or(page.getByText('not needed')).first(),
  ).toBeVisible();
  const planted = await plantCredentials(page, app);
  await page.goto(`${app.url}/secrets`);
  await page.getByRole('button', { name: 'Add a secret' }).first().click();
  await page.getByLabel('Name').fill('canary');
  await page
    .getByRole('textbox', { name: 'Content' })
    .fill(`machine pypi.example.com login me password ${BUILD_CANARY}`);
  await page.getByRole('dialog').getByRole('button', { name: 'Store' }).click();
  await expect(
    page.getByRole('cell', { name: 'canary', exact: true }),
  ).toBeVisible();
  await fillSpec(page, app, {
    name: 'secrets',
    registryName: 'password',
    registry: password,
    env: [`PLANTED=${PLANTED}`],
    packages: ['tabulate==0.9.0'],
    // Nothing of the mount is left for the steps after the packages.
    commands: [`echo ${PLANTED}`, 'test ! -e /root/.netrc'],
  });
  await openGroup(page, 'Package indexes and secrets');
  await page.getByLabel('pip_secret_mounts').fill('canary /root/.netrc');
  const id = await saveAndBuild(page);
  await expectState(page, 'Building', 120_000);
  const duringBuild = [
    password.password,
    CANARY,
    BUILD_CANARY,
    ...Object.values(planted.secrets),
  ].flatMap((secret) => processesWith(secret));
  await expectState(page, 'Published', 300_000);
  const build = await readJson<BuildView>(page, `${app.url}/api/builds/${id}`);
  expect(build.dockerfile).toContain('--mount=type=secret,id=secret_0');
  const workerSecret = (
    await readFile(path.join(app.dataFolder, 'worker/secret'), 'utf8')
  ).trim();
  const setUpToken = app.setUpLink().split('#')[1] ?? '';
  const secrets = {
    registry: password.password,
    canary: CANARY,
    buildSecret: BUILD_CANARY,
    owner: OWNER.password,
    workerSecret,
    setUpToken,
    ...planted.secrets,
  };

  // The search itself must find what was planted on purpose.
  expect(filesWith(path.join(app.dataFolder, 'postgres'), PLANTED)).not.toEqual(
    [],
  );
  const decoy = spawn('sleep', ['60'], {
    env: { ...process.env, PLANTED },
    stdio: 'ignore',
  });
  await until(
    'The planted process',
    () => processesWith(PLANTED).length > 0,
    5_000,
  );
  decoy.kill();

  const pages = [
    '/',
    '/registries',
    '/registries/import',
    '/alerts',
    '/specs',
    '/builds',
    `/builds/${id}`,
    '/images',
    '/tasks',
    '/workers',
    '/secrets',
    `/specs/${build.spec.id}`,
    '/account',
  ];
  const apis = [
    '/api/registries',
    '/api/builds',
    `/api/builds/${id}`,
    `/api/builds/${id}/log`,
    '/api/images',
    '/api/secrets',
    `/api/specs/${build.spec.id}`,
    '/api/workers',
  ];
  const registryIds = await readJson<{ id: string }[]>(
    page,
    `${app.url}/api/registries`,
  );
  const details = registryIds.flatMap((item) => [
    `/registries/${item.id}`,
    `/api/registries/${item.id}`,
  ]);
  const texts = new Map<string, string>();
  for (const address of [...pages, ...apis, ...details]) {
    texts.set(
      address,
      await (await page.request.get(`${app.url}${address}`)).text(),
    );
  }
  expect(
    [...texts.values()].some((text) => holds(Buffer.from(text), PLANTED)),
  ).toBe(true);

  // The logs lie in the data folder, and both processes did write to them.
  for (const part of ['app', 'worker'] as const)
    expect(await app.log(part), part).not.toBe('');
  const image = `${build.repository.name}@${build.digest ?? ''}`;
  const layout = await mkdtemp(path.join(tmpdir(), 'imageyard-layout-'));
  try {
    await skopeo('copy', `docker://${image}`, `dir:${layout}`);
    const files = filesWith(layout, PLANTED);
    expect(files).not.toEqual([]);
    const opened = await Promise.all((await listFiles(layout)).map(openLayer));
    for (const [name, secret] of Object.entries(secrets)) {
      const allowed =
        name === 'workerSecret'
          ? [path.join(app.dataFolder, 'worker/secret')]
          : [];
      expect(filesWith(app.dataFolder, secret), `data folder: ${name}`).toEqual(
        allowed,
      );
      expect(processesWith(secret), `processes: ${name}`).toEqual([]);
      for (const [address, text] of texts)
        expect(holds(Buffer.from(text), secret), `${address}: ${name}`).toBe(
          false,
        );
      expect(
        opened.some((bytes) => holds(bytes, secret)),
        `layers: ${name}`,
      ).toBe(false);
    }
    expect(duringBuild).toEqual([]);
  } finally {
    await planted.close();
    await rm(layout, { recursive: true, force: true });
  }

  const docker = openEngine();
  for (const { Id } of await docker.listImages())
    expect(
      holds(Buffer.from(await inspectImage(Id)), password.password),
      Id,
    ).toBe(false);
});

test('the certificates that build steps get are in no layer and no config', async ({
  page,
  app,
}) => {
  await enter(page, app);
  const { registries, caFile, caBundleFile } = testEnv();
  await ensureTestRegistry(page, app, 'plain');
  await fillSpec(page, app, {
    name: 'certificates',
    registryName: 'plain',
    registry: registries.plain,
    packages: ['tabulate==0.9.0'],
  });
  const id = await saveAndBuild(page);
  await expectState(page, 'Published', 300_000);
  const build = await readJson<BuildView>(page, `${app.url}/api/builds/${id}`);
  expect(build.dockerfile).toContain('SSL_CERT_FILE');
  const layout = await mkdtemp(path.join(tmpdir(), 'imageyard-layout-'));
  try {
    await skopeo(
      'copy',
      '--src-tls-verify=false',
      `docker://${build.repository.name}@${build.digest ?? ''}`,
      `dir:${layout}`,
    );
    const base = `${registries.plain.host}/${testEnv().images.base.name}:${testEnv().images.base.tag}`;
    const baseRaw = JSON.parse(
      await skopeo(
        'inspect',
        '--raw',
        '--tls-verify=false',
        `docker://${base}`,
      ),
    ) as {
      layers: { digest: string }[];
    };
    const own = (await listFiles(layout)).filter(
      (file) =>
        !baseRaw.layers.some(({ digest }) =>
          file.endsWith(digest.replace('sha256:', '')),
        ),
    );
    const opened = await Promise.all(own.map(openLayer));
    // A line of this run's own authority: it stands in what the worker adds, and in nothing an image could bring.
    const mark = (await readFile(caFile, 'utf8')).split('\n')[3] ?? '';
    expect(mark).toHaveLength(64);
    expect(await readFile(caBundleFile, 'utf8')).toContain(mark);
    expect(opened.some((bytes) => bytes.includes(mark))).toBe(false);
    const config = await skopeo(
      'inspect',
      '--config',
      '--tls-verify=false',
      `docker://${build.repository.name}@${build.digest ?? ''}`,
    );
    const { config: run } = JSON.parse(config) as { config: { Env: string[] } };
    expect(run.Env.some((line) => line.startsWith('SSL_CERT_FILE='))).toBe(
      false,
    );
  } finally {
    await rm(layout, { recursive: true, force: true });
  }
});

async function listFiles(folder: string): Promise<string[]> {
  const { readdir } = await import('node:fs/promises');
  return (await readdir(folder)).map((name) => path.join(folder, name));
}

/** A layer's bytes, unpacked; other files as they are. */
async function openLayer(file: string): Promise<Buffer> {
  const bytes = await readFile(file);
  return bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
}
