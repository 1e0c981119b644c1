import { spawnSync } from 'node:child_process';
import {
  chownSync,
  lchownSync,
  lstatSync,
  readdirSync,
  readFileSync,
} from 'node:fs';
import { userInfo } from 'node:os';
import path from 'node:path';
import { StartError } from './start-error.js';

/**
 * How to run PostgreSQL, which refuses to run as root. `prefix` goes before its command line; `owner` is who its files
 * must belong to (null: whoever makes them). As root there are two ways, neither of which touches the machine:
 *
 * 1. Another user's id with one capability: to pass closed folders, such as root's home above the checkout. It is
 *    checked by real user id too (`access`), hence the secure bit.
 * 2. A user namespace in which root has another number.
 */
export function chooseAccount({ initdb, folder, passwd = readPasswd() }) {
  if (process.getuid() !== 0) return plainAccount(passwd);
  if (process.platform === 'linux') {
    const user = pickUser(passwd);
    for (const account of rootAccounts(user)) {
      giveTo(folder, account.owner);
      if (canRun(account.prefix, initdb, folder)) return account;
    }
  }
  throw new StartError(
    'PostgreSQL cannot run as root here (setpriv and unshare are missing or forbidden). Start as an ordinary user, or set DATABASE_URL.',
  );
}

function plainAccount(passwd) {
  const account = { prefix: [], initPrefix: [], owner: null };
  if (hasName()) return account;
  // initdb wants the user's name, though the server does not. In a container any number may be the user's.
  const user = pickUser(passwd);
  return { ...account, initPrefix: inNamespace(user) };
}

function hasName() {
  try {
    return userInfo().username !== '';
  } catch {
    return false;
  }
}

function rootAccounts(user) {
  const capabilities = ['dac_read_search', 'dac_override'];
  const changed = capabilities.map((name) => ({
    prefix: asUser(user, name),
    owner: user,
  }));
  const mapped = { prefix: inNamespace(user), owner: { uid: 0, gid: 0 } };
  return [...changed, mapped].map((account) => ({
    ...account,
    initPrefix: account.prefix,
  }));
}

function asUser({ uid, gid }, capability) {
  const only = `-all,+${capability}`;
  return [
    'setpriv',
    `--reuid=${uid}`,
    `--regid=${gid}`,
    '--clear-groups',
    `--inh-caps=${only}`,
    `--ambient-caps=${only}`,
    `--bounding-set=${only}`,
    '--securebits=+no_setuid_fixup',
    '--no-new-privs',
  ];
}

function inNamespace({ uid, gid }) {
  return ['unshare', '--user', `--map-user=${uid}`, `--map-group=${gid}`];
}

// `--show` resolves every path and checks the user, but makes nothing.
function canRun(prefix, initdb, folder) {
  const [command, ...args] = [
    ...prefix,
    initdb,
    '--show',
    '-D',
    path.join(folder, 'probe'),
  ];
  return (
    spawnSync(command, args, { stdio: 'ignore', cwd: folder }).status === 0
  );
}

export function pickUser(passwd) {
  const users = passwd.filter(({ uid }) => uid !== 0);
  const user =
    users.find(({ name }) => name === 'postgres') ??
    users.find(({ name }) => name === 'nobody') ??
    users[0];
  return user ?? { uid: 65_534, gid: 65_534 };
}

export function readPasswd() {
  return parsePasswd(readFileSync('/etc/passwd', 'utf8'));
}

export function parsePasswd(text) {
  return text
    .split('\n')
    .map((line) => line.split(':'))
    .filter((fields) => fields.length >= 4)
    .map(([name, , uid, gid]) => ({
      name,
      uid: Number(uid),
      gid: Number(gid),
    }));
}

/** Makes a folder and all in it belong to `owner`, also after the data folder came from another machine. */
export function giveTo(folder, owner) {
  if (owner === null || lstatSync(folder).uid === owner.uid) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const place = path.join(folder, entry.name);
    if (entry.isDirectory()) giveTo(place, owner);
    else lchownSync(place, owner.uid, owner.gid);
  }
  // Last, so that an interrupted change is taken up again.
  chownSync(folder, owner.uid, owner.gid);
}
