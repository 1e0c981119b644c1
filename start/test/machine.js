import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { chmod, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { unmarkedEnv } from './background.js';
import { run } from './command.js';

const POLICY = '/usr/sbin/policy-rc.d';
// Each Debian package with a program or path that shows it is there.
const ENGINE_PACKAGES = {
  'docker.io': 'dockerd',
  tini: 'tini',
  iptables: 'iptables',
  iproute2: 'ip',
};
const MATRIX_PACKAGES = { podman: 'podman' };
const TOOL_PACKAGES = {
  'docker-registry': 'docker-registry',
  skopeo: 'skopeo',
  'apache2-utils': 'htpasswd',
  openssl: 'openssl',
  'nginx-light': 'nginx',
  chromium: 'chromium',
};
const SYSTEM_PACKAGES = {
  debootstrap: 'debootstrap',
  'ca-certificates': '/etc/ssl/certs/ca-certificates.crt',
  'fonts-liberation': '/usr/share/fonts/truetype/liberation',
  'fonts-dejavu-core': '/usr/share/fonts/truetype/dejavu',
};
const UNITS = [
  'docker.service',
  'docker.socket',
  'containerd.service',
  'docker-registry.service',
  'nginx.service',
  'podman.service',
  'podman.socket',
];

/** Where a program lies, looked up as a shell would but with the system folders that root's PATH may lack. */
export function findProgram(name) {
  const folders = [
    '/usr/sbin',
    '/usr/bin',
    '/sbin',
    '/bin',
    ...(process.env.PATH ?? '').split(path.delimiter),
  ];
  for (const folder of folders) {
    const file = path.join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      continue;
    }
  }
  return undefined;
}

/** The `KEY=value` lines of os-release; empty where there is none. */
export function osRelease() {
  if (!existsSync('/etc/os-release')) return {};
  const lines = readFileSync('/etc/os-release', 'utf8').split('\n');
  return Object.fromEntries(
    lines
      .map((line) => /^([A-Z_]+)="?([^"]*)"?$/.exec(line))
      .filter(Boolean)
      .map(([, key, value]) => [key, value]),
  );
}

/** Whether missing programs may be installed here: root on Debian or Ubuntu. There a missing one is a failure. */
export function canInstall() {
  const { ID = '', ID_LIKE = '' } = osRelease();
  const isDebian = [ID, ...ID_LIKE.split(' ')].some((id) =>
    ['debian', 'ubuntu'].includes(id),
  );
  return (
    process.getuid?.() === 0 && isDebian && Boolean(findProgram('apt-get'))
  );
}

/** A Python 3 that has pip, to fetch wheels with; undefined when there is none. */
export async function findPythonWithPip() {
  for (const name of ['/usr/bin/python3', findProgram('python3')]) {
    const works =
      name &&
      existsSync(name) &&
      (await run(name, ['-m', 'pip', '--version']).catch(() => undefined));
    if (works) return name;
  }
  return undefined;
}

// Ubuntu has no Chromium package, so another browser may be named.
function toolPackages() {
  const { chromium, ...others } = TOOL_PACKAGES;
  return process.env.IMAGEYARD_TEST_CHROMIUM ? others : { chromium, ...others };
}

/** The programs that the tests need beside an engine and this machine lacks. */
export async function missingPrograms() {
  const names = Object.values(toolPackages()).filter((name) => !isThere(name));
  return (await findPythonWithPip()) ? names : [...names, 'python3 with pip'];
}

async function missingPackages({ needsEngine, needsMatrix }) {
  const wanted = {
    ...SYSTEM_PACKAGES,
    ...toolPackages(),
    ...(needsEngine ? ENGINE_PACKAGES : {}),
    ...(needsMatrix ? MATRIX_PACKAGES : {}),
  };
  const missing = Object.keys(wanted).filter((name) => !isThere(wanted[name]));
  return (await findPythonWithPip()) ? missing : [...missing, 'python3-pip'];
}

function isThere(what) {
  return what.startsWith('/') ? existsSync(what) : Boolean(findProgram(what));
}

async function activeUnits() {
  const systemctl = findProgram('systemctl');
  if (!systemctl || !existsSync('/run/systemd/system')) return [];
  const states = await Promise.all(
    UNITS.map((unit) =>
      run(systemctl, ['is-active', unit]).then(
        () => unit,
        () => undefined,
      ),
    ),
  );
  return states.filter(Boolean);
}

/**
 * Installs what the tests need and the machine lacks. No service is started by
 * it: packages are told not to, and what one started all the same is stopped.
 */
export async function installMissing(log, needs) {
  const missing = await missingPackages(needs);
  if (missing.length === 0) return;
  log(`installing ${missing.join(', ')}`);
  const apt = findProgram('apt-get');
  const env = {
    ...unmarkedEnv(),
    DEBIAN_FRONTEND: 'noninteractive',
    LC_ALL: 'C',
  };
  const wait = ['-o', 'DPkg::Lock::Timeout=300', '-o', 'Acquire::Retries=3'];
  const before = await activeUnits();
  const hasPolicy = existsSync(POLICY);
  if (!hasPolicy) {
    await writeFile(POLICY, '#!/bin/sh\nexit 101\n');
    await chmod(POLICY, 0o755);
  }
  try {
    // In a session of its own: Ctrl-C must not leave a half-configured package.
    await run(apt, [...wait, 'update'], { env, detached: true });
    await run(
      apt,
      [...wait, 'install', '-y', '--no-install-recommends', ...missing],
      { env, detached: true },
    );
  } finally {
    if (!hasPolicy) await rm(POLICY, { force: true });
  }
  const started = (await activeUnits()).filter(
    (unit) => !before.includes(unit),
  );
  if (started.length > 0)
    await run(findProgram('systemctl'), ['disable', '--now', ...started]);
  const still = await missingPackages(needs);
  if (still.length > 0)
    throw new Error(
      `Still missing after apt-get install: ${still.join(', ')}.`,
    );
}
