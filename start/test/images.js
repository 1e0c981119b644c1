import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import {
  chmod,
  copyFile,
  mkdir,
  readdir,
  rm,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import { formatSources, sourcesFor } from './apt-sources.js';
import { cachedFolder } from './cached-folder.js';
import { run } from './command.js';
import { findPythonWithPip, osRelease } from './machine.js';
import { writeOciLayout } from './oci-layout.js';

const UV_VERSION = '0.13.8';
const BASE_PACKAGES = ['python3', 'ca-certificates'];
const RECIPE = 1;
const APT_SETTINGS = /^Acquire::(http|https)::Proxy |^Acquire::Check-/;
const NOT_NEEDED = [
  'var/cache/apt/archives',
  'var/lib/apt/lists',
  'var/cache/debconf',
  'var/log',
  'usr/share/doc',
  'usr/share/man',
  'usr/share/locale',
  'usr/share/info',
];

/**
 * A Debian or Ubuntu root file system with Python, of the machine's own release
 * and from its own mirror, as an OCI layout. `apt-get` in it uses that mirror too.
 */
export async function baseImage(cache, log) {
  const { VERSION_CODENAME: codename } = osRelease();
  const sources = sourcesFor(codename);
  if (sources.length === 0)
    throw new Error(`No package source for ${codename} is set up in /etc/apt.`);
  const settings = (await run('apt-config', ['dump']))
    .split('\n')
    .filter((line) => APT_SETTINGS.test(line));
  const key = keyOf([RECIPE, codename, BASE_PACKAGES, sources, settings]);
  return {
    name: 'base/debian-python',
    tag: codename,
    ...(await cached(
      cache,
      `base-${codename}-${key}`,
      log,
      async (work, layout) => {
        const rootfs = path.join(work, 'rootfs');
        // In namespaces of its own, so that a killed one leaves neither mount nor process.
        await run(
          'unshare',
          [
            ...['--mount', '--propagation', 'private', '--pid', '--fork'],
            ...['--kill-child=SIGKILL', '--mount-proc', '--', 'debootstrap'],
            '--variant=minbase',
            `--include=${BASE_PACKAGES.join(',')}`,
            codename,
            rootfs,
            sources[0].uri,
          ],
          { env: { ...process.env, ...proxyOf(settings) } },
        );
        await Promise.all(
          NOT_NEEDED.map((folder) => empty(path.join(rootfs, folder))),
        );
        await writeFile(
          path.join(rootfs, 'etc/apt/sources.list'),
          formatSources(sources, (file) => existsSync(path.join(rootfs, file))),
        );
        await writeFile(
          path.join(rootfs, 'etc/apt/apt.conf.d/90machine'),
          [...settings, ''].join('\n'),
        );
        for (const name of [
          'etc/hostname',
          'etc/resolv.conf',
          'etc/machine-id',
        ])
          await rm(path.join(rootfs, name), { force: true });
        return writeOciLayout(layout, rootfs, {
          Env: [
            'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
          ],
          Cmd: ['bash'],
        });
      },
    )),
  };
}

/** The base image that IMAGEYARD_TEST_BASE names, for machines where none can be made. */
export async function givenBaseImage(cache, log) {
  const reference = process.env.IMAGEYARD_TEST_BASE;
  return {
    name: 'base/debian-python',
    tag: 'given',
    ...(await cached(
      cache,
      `given-${keyOf([RECIPE, reference])}`,
      log,
      (work, layout) =>
        run('skopeo', [
          'copy',
          `docker://${reference}`,
          `oci:${layout}:latest`,
        ]),
    )),
  };
}

/** An image that holds the static `uv` program at `/uv` and nothing else, made from the wheel of the package index. */
export async function uvImage(cache, log) {
  return {
    name: 'helpers/uv',
    tag: UV_VERSION,
    ...(await cached(
      cache,
      `uv-${UV_VERSION}-${keyOf([RECIPE])}`,
      log,
      async (work, layout) => {
        const python = await findPythonWithPip();
        if (!python)
          throw new Error(
            'No Python with pip here to fetch the uv wheel with.',
          );
        const wheels = path.join(work, 'wheels');
        await run(python, [
          '-m',
          'pip',
          'download',
          '--no-deps',
          '--only-binary=:all:',
          '--no-cache-dir',
          '--disable-pip-version-check',
          '--dest',
          wheels,
          `uv==${UV_VERSION}`,
        ]);
        const [wheel] = await readdir(wheels);
        const unpacked = path.join(work, 'unpacked');
        await run(python, [
          '-m',
          'zipfile',
          '-e',
          path.join(wheels, wheel),
          unpacked,
        ]);
        const rootfs = path.join(work, 'rootfs');
        await mkdir(rootfs);
        await copyFile(
          path.join(unpacked, `uv-${UV_VERSION}.data/scripts/uv`),
          path.join(rootfs, 'uv'),
        );
        await chmod(path.join(rootfs, 'uv'), 0o755);
        return writeOciLayout(layout, rootfs, {});
      },
    )),
  };
}

async function cached(cache, name, log, make) {
  const layout = await cachedFolder(cache, name, 'index.json', log, make);
  const index = JSON.parse(
    readFileSync(path.join(layout, 'index.json'), 'utf8'),
  );
  return { layout, digest: index.manifests[0].digest };
}

async function empty(folder) {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
}

function proxyOf(settings) {
  const proxy = settings
    .map((line) => /^Acquire::http::Proxy "(.+)";$/.exec(line)?.[1])
    .find(Boolean);
  return proxy ? { http_proxy: proxy } : {};
}

function keyOf(value) {
  return createHash('sha256')
    .update(JSON.stringify(value))
    .digest('hex')
    .slice(0, 12);
}
