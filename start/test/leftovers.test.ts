import {
  existsSync,
  mkdtempSync,
  openSync,
  closeSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { findLeftovers } from './leftovers.js';

const testRun = { id: 'ab12cd34', bridge: { subnet: '172.20.1.0/24' } };
const alone = { others: [], isAlone: true };
const clean = {
  mounts: ['/'],
  links: ['lo'],
  rules: [],
  cgroups: [],
  files: ['/var/tmp/imageyard-test-99999999'],
  processes: ['1 /sbin/init'],
  forwarding: '0',
};

it('finds nothing where nothing changed', () => {
  expect(findLeftovers(clean, clean, testRun, alone)).toEqual([]);
});

it.each([
  ['mounts', '/var/tmp/imageyard-test-ab12cd34/docker-data/overlay2/x/merged'],
  ['links', 'iytab12cd34'],
  ['links', 'docker0'],
  ['rules', '-A POSTROUTING -s 172.20.1.0/24 -j MASQUERADE'],
  ['rules', '-N DOCKER-USER'],
  ['cgroups', '/sys/fs/cgroup/pids/imageyard-test-ab12cd34'],
  ['files', '/var/tmp/imageyard-test-ab12cd34'],
  ['files', '/dev/shm/PostgreSQL.1234'],
  [
    'processes',
    '77 dockerd --data-root /var/tmp/imageyard-test-ab12cd34/docker-data',
  ],
])('finds %s: %s', (kind, entry) => {
  const after = { ...clean, [kind]: [entry] };
  expect(findLeftovers(clean, after, testRun, alone)).toEqual([
    `${kind}: ${entry}`,
  ]);
});

it('takes a temporary file for its own where other programs run, too, only by its name', () => {
  const files = ['/dev/shm/PostgreSQL.1234', '/tmp/imageyard-test-ab12cd34'];
  expect(
    findLeftovers(clean, { ...clean, files }, testRun, {
      others: [],
      isAlone: false,
    }),
  ).toEqual(['files: /tmp/imageyard-test-ab12cd34']);
});

it('finds packet forwarding left on, unless another run still needs it', () => {
  const after = { ...clean, forwarding: '1' };
  expect(findLeftovers(clean, after, testRun, alone)).toEqual([
    'forwarding: 0 became 1',
  ]);
  expect(
    findLeftovers(clean, after, testRun, {
      others: ['ffff0000'],
      isAlone: true,
    }),
  ).toEqual([]);
});

it.each([
  ['another run', 'links', 'iytffff0000'],
  ['a mount of somebody else', 'mounts', '/mnt/disk'],
  ['a container of another engine', 'links', 'veth12ab'],
  ['an unrelated file', 'files', '/tmp/notes.txt'],
])('leaves %s alone', (_what, kind, entry) => {
  const after = { ...clean, [kind]: [entry] };
  expect(
    findLeftovers(clean, after, testRun, {
      others: ['ffff0000'],
      isAlone: true,
    }),
  ).toEqual([]);
});

it.runIf(existsSync('/proc'))(
  'leaves a file alone that a living process holds open',
  () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'imageyard-leftovers-'));
    const file = path.join(folder, 'vitest-results');
    writeFileSync(file, '');
    const handle = openSync(file, 'r');
    const after = { ...clean, files: [file] };
    try {
      expect(findLeftovers(clean, after, testRun, alone)).toEqual([]);
    } finally {
      closeSync(handle);
    }
    expect(findLeftovers(clean, after, testRun, alone)).toEqual([
      `files: ${file}`,
    ]);
    rmSync(folder, { recursive: true });
  },
);
