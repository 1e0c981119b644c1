import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { findProgram } from './machine.js';
import { run } from './command.js';

const SHARED_FOLDERS = [
  os.tmpdir(),
  '/tmp',
  '/var/tmp',
  '/dev/shm',
  '/run',
  '/etc/docker/certs.d',
];
const OUR_KIND =
  /imageyard|playwright|chromium|docker|containerd|postgres|pgsql|vitest|tsx/i;

/** What of this machine a run could leave changed. */
export async function inspectMachine() {
  return {
    mounts: linesOf('/proc/self/mounts').map((line) => line.split(' ')[1]),
    links: existsSync('/sys/class/net') ? readdirSync('/sys/class/net') : [],
    rules: await packetRules(),
    cgroups: cgroups('/sys/fs/cgroup'),
    files: [...new Set(SHARED_FOLDERS)].flatMap((folder) =>
      list(folder).map((name) => path.join(folder, name)),
    ),
    processes: processes(),
    forwarding: linesOf('/proc/sys/net/ipv4/ip_forward')[0] ?? '',
  };
}

/**
 * What is there after a run that was not there before and belongs to it, one
 * line each; empty when it left nothing. What other runs on this machine do at
 * the same time (`others`, their ids) is theirs. Only a machine that does nothing
 * else (`isAlone`) lets us take every new temporary file of our kind for ours.
 */
export function findLeftovers(before, after, testRun, { others, isAlone }) {
  const isTheirs = (text) => others.some((id) => text.includes(id));
  const news = (kind, isOurs) =>
    after[kind]
      .filter(
        (entry) =>
          !before[kind].includes(entry) && isOurs(entry) && !isTheirs(entry),
      )
      .map((entry) => `${kind}: ${entry}`);
  const named = (entry) => entry.includes(testRun.id);
  const subnet = testRun.bridge?.subnet;
  const found = [
    ...news('mounts', named),
    ...news('links', (name) => !name.startsWith('veth')),
    ...news(
      'rules',
      (rule) =>
        named(rule) ||
        (subnet && rule.includes(subnet)) ||
        /docker/i.test(rule),
    ),
    ...news('cgroups', (name) => named(name) || /docker|buildkit/.test(name)),
    ...news(
      'files',
      (file) =>
        named(file) ||
        (isAlone && OUR_KIND.test(path.basename(file)) && !isInUse(file)),
    ),
    ...news('processes', named),
  ];
  if (others.length === 0 && before.forwarding !== after.forwarding)
    found.push(`forwarding: ${before.forwarding} became ${after.forwarding}`);
  return found;
}

// What a living process holds is somebody else's: ours have all ended by now.
function isInUse(file) {
  const isWithin = (name) => name === file || name.startsWith(`${file}/`);
  return list('/proc')
    .filter((name) => /^\d+$/.test(name))
    .some(
      (pid) =>
        isWithin(linkOf(`/proc/${pid}/cwd`)) ||
        read(`/proc/${pid}/cmdline`).includes(file) ||
        read(`/proc/${pid}/maps`).includes(file) ||
        list(`/proc/${pid}/fd`).some((fd) =>
          isWithin(linkOf(`/proc/${pid}/fd/${fd}`)),
        ),
    );
}

async function packetRules() {
  const iptables = findProgram('iptables');
  if (!iptables || process.getuid?.() !== 0) return [];
  const tables = await Promise.all(
    ['filter', 'nat'].map((table) =>
      run(iptables, ['-w', '-t', table, '-S']).catch(() => ''),
    ),
  );
  return tables
    .join('\n')
    .split('\n')
    .filter((line) => line && !line.startsWith('-P'));
}

function cgroups(root) {
  return ['', ...list(root)].flatMap((hierarchy) =>
    list(path.join(root, hierarchy)).map((name) =>
      path.join(root, hierarchy, name),
    ),
  );
}

function processes() {
  return list('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map(
      (pid) => `${pid} ${read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ')}`,
    );
}

function linesOf(file) {
  return read(file).split('\n').filter(Boolean);
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function linkOf(file) {
  try {
    return readlinkSync(file);
  } catch {
    return '';
  }
}

function list(folder) {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
