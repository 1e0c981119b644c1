import { randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { isMarked, markOwnChildren } from './background.js';
import { isSameProcess, startTimeOf } from '../process-identity.js';
import { waitFor } from './command.js';
import { cleanGivenEngine } from './given-engine.js';
import { isForwarding, removeBridge, setForwarding } from './network.js';

const CGROUPS = '/sys/fs/cgroup';

function journals() {
  return process.getuid?.() === 0
    ? '/run/imageyard-test'
    : path.join(os.tmpdir(), `imageyard-test-${process.getuid?.() ?? 'runs'}`);
}

/**
 * Opens a run: a fresh folder for everything it makes, and a journal from which
 * `endRun` can take it all away again, also after this process was killed.
 */
export function openRun() {
  const id = randomBytes(4).toString('hex');
  const parent = existsSync('/var/tmp') ? '/var/tmp' : os.tmpdir();
  const testRun = {
    id,
    folder: path.join(parent, `imageyard-test-${id}`),
    owner: identify(process.pid),
    mountPoints: [],
  };
  mkdirSync(journals(), { recursive: true, mode: 0o700 });
  record(testRun);
  mkdirSync(testRun.folder, { mode: 0o711 });
  mkdirSync(path.join(testRun.folder, 'tmp/runtime'), { recursive: true });
  markOwnChildren(testRun);
  return testRun;
}

/** A process's number with its start time, which together name it for good. */
export function identify(pid) {
  return { pid, startTime: startTimeOf(pid) };
}

/** Notes what a run is about to make, before it makes it. */
export function record(testRun, facts = {}) {
  Object.assign(testRun, facts);
  const file = path.join(journals(), `${testRun.id}.json`);
  writeFileSync(`${file}.new`, JSON.stringify(testRun), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** The journals of all runs on this machine. */
export function listRuns() {
  if (!existsSync(journals())) return [];
  return readdirSync(journals())
    .filter((name) => name.endsWith('.json'))
    .map((name) =>
      JSON.parse(readFileSync(path.join(journals(), name), 'utf8')),
    );
}

/** What to put back at the end: forwarding was off before the first run that is still there. */
export function mustRestoreForwarding(testRun) {
  return (
    listRuns().some(
      (other) => other.id !== testRun.id && other.restoreForwarding,
    ) || !isForwarding()
  );
}

/** Takes away what killed runs left behind. */
export async function sweepDeadRuns(log) {
  for (const testRun of listRuns()) {
    if (isSameProcess(testRun.owner)) continue;
    log(`clearing away what run ${testRun.id} left behind`);
    await endRun(testRun).catch((error) => log(error.message));
  }
}

/** Ends every process of a run: asked first, then killed. Engines are killed at once, and their containers with them. */
export async function stopProcesses(testRun) {
  for (const engine of testRun.engines ?? [])
    if (isSameProcess(engine)) kill(engine.pid, 'SIGKILL');
  for (const pid of processesOf(testRun)) kill(pid, 'SIGTERM');
  const isQuiet = () => processesOf(testRun).length === 0;
  await waitFor('The end of every process', isQuiet, 8000).catch(async () => {
    for (const pid of processesOf(testRun)) kill(pid, 'SIGKILL');
    await waitFor('The end of every killed process', isQuiet, 8000);
  });
}

/** Stops everything a run started and removes everything it made. Safe to repeat. */
export async function endRun(testRun) {
  await stopProcesses(testRun);
  const uncleaned = await (testRun.given &&
    cleanGivenEngine(testRun.given).catch((error) => error));
  if (testRun.bridge) await removeBridge(testRun.bridge);
  removeCgroups(testRun);
  rmSync(testRun.folder, {
    recursive: true,
    force: true,
    maxRetries: 20,
    retryDelay: 100,
  });
  const others = listRuns().filter(({ id }) => id !== testRun.id);
  // Removing a folder that another run's engine has mounted over would unmount it there.
  if (others.length === 0)
    for (const folder of testRun.mountPoints) removeIfEmpty(folder);
  const isLast = !others.some(({ restoreForwarding }) => restoreForwarding);
  if (testRun.restoreForwarding && isLast) setForwarding(false);
  rmSync(path.join(journals(), `${testRun.id}.json`), { force: true });
  removeIfEmpty(journals());
  if (uncleaned) throw uncleaned;
}

/** The processes of a run: those with its mark and those that work in its folder; never this one or its parents. */
export function processesOf(testRun) {
  if (!existsSync('/proc/self/environ')) return [];
  const spared = ancestors(process.pid);
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && !spared.has(Number(name)))
    .map(Number)
    .filter((pid) => {
      const works = attempt(() => readlinkSync(`/proc/${pid}/cwd`)) ?? '';
      return (
        isMarked(
          attempt(() => readFileSync(`/proc/${pid}/environ`, 'utf8')) ?? '',
          testRun.id,
        ) ||
        works === testRun.folder ||
        works.startsWith(`${testRun.folder}/`)
      );
    });
}

function ancestors(pid) {
  const found = new Set();
  for (let next = pid; next > 0;) {
    found.add(next);
    const stat =
      attempt(() => readFileSync(`/proc/${next}/stat`, 'utf8')) ?? '';
    next = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] ?? 0);
  }
  return found;
}

function kill(pid, signal) {
  attempt(() => process.kill(pid, signal));
}

function removeCgroups(testRun) {
  const name = `imageyard-test-${testRun.id}`;
  const hierarchies = attempt(() => readdirSync(CGROUPS)) ?? [];
  for (const hierarchy of ['', ...hierarchies]) {
    const root = path.join(CGROUPS, hierarchy, name);
    if (existsSync(root)) removeTree(root);
  }
}

function removeTree(folder) {
  const entries =
    attempt(() => readdirSync(folder, { withFileTypes: true })) ?? [];
  for (const entry of entries)
    if (entry.isDirectory()) removeTree(path.join(folder, entry.name));
  attempt(() => rmdirSync(folder));
}

function removeIfEmpty(folder) {
  attempt(() => rmdirSync(folder));
}

function attempt(action) {
  try {
    return action();
  } catch {
    return undefined;
  }
}
