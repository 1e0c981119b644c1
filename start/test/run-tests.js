import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { CHECKOUT } from '../config.js';
import { createGuard } from '../guard.js';
import { install, isInstalled } from '../install.js';
import { findLeftovers, inspectMachine } from './leftovers.js';
import { readOptions, stagesOf } from './options.js';
import { provision } from './provision.js';
import { runChecks, runPlaywright, runVitest } from './stages.js';
import { add, formatCounts, NOTHING } from './tally.js';
import {
  endRun,
  listRuns,
  openRun,
  stopProcesses,
  sweepDeadRuns,
} from './test-run.js';

const CACHE = path.join(CHECKOUT, '.cache/test');
const NEEDS_ENGINE = ['engine', 'engines', 'e2e'];
const FAULT_ROUNDS = '20';
/** How long a stage may take. */
const LIMIT_MS = 50 * 60_000;
const FAULTS_LIMIT_MS = 150 * 60_000;
const SPEC_SAMPLE = '2500';
const RUNNERS = {
  check: runChecks,
  unit: (context) => runVitest(context, 'unit'),
  service: (context) => runVitest(context, 'service'),
  engine: (context) => runVitest(context, 'engine'),
  engines: (context) => runVitest(context, 'engines'),
  e2e: runPlaywright,
};
const PASSED = { ...NOTHING, passed: 1 };
const FAILED = { ...NOTHING, failed: 1 };
const SKIPPED = { ...NOTHING, skipped: 1 };

/**
 * Runs what the command line asks for, takes everything it made away again, and
 * closes with what failed and one line of counts. Sets the exit code.
 */
export async function runTests(args) {
  const options = readOptions(args);
  const signal = abortOnSignals();
  await sweepDeadRuns(say);
  const before = await inspectMachine();
  const othersBefore = idsOfOthers();
  const testRun = openRun();
  const janitor = startJanitor(testRun);
  const context = {
    testRun,
    signal,
    environment: undefined,
    results: [],
    failures: [],
  };
  try {
    await runStages(context, options);
  } catch (error) {
    fail(context, signal.aborted ? 'stopped' : 'set-up', error);
  }
  // Whatever is still being set up ends first, or it would come up behind our back.
  await stopProcesses(testRun);
  await context.environment?.catch(() => {});
  await note(context, 'leaves nothing behind', async () => {
    await endRun(testRun);
    await stopJanitor(janitor);
    const others = [...othersBefore, ...idsOfOthers()];
    const found = findLeftovers(before, await inspectMachine(), testRun, {
      others,
      isAlone: Boolean(process.env.CI),
    });
    for (const line of found) say(`left behind: ${line}`);
    return found.length === 0 ? PASSED : FAILED;
  });
  closeWith(context);
}

async function runStages(context, options) {
  const stages = stagesOf(options);
  context.limitMs = options.hasFaults ? FAULTS_LIMIT_MS : LIMIT_MS;
  await installPackages(context);
  if (stages.some((stage) => NEEDS_ENGINE.includes(stage))) {
    context.environment = provision(context.testRun, CACHE, say, {
      signal: context.signal,
      hasMatrix: stages.includes('engines'),
    });
    // It is awaited by the first stage that needs it; a failure before that must not end the process.
    context.environment.catch(() => {});
  }
  context.env = {
    IMAGEYARD_SPEC_SAMPLE: SPEC_SAMPLE,
    ...(options.hasFaults && { IMAGEYARD_FAULT_ROUNDS: FAULT_ROUNDS }),
  };
  context.filter =
    options.hasFaults && options.filter.length === 0
      ? ['e2e/faults']
      : options.filter;
  for (const stage of stages) {
    context.signal.throwIfAborted();
    const isReady =
      !NEEDS_ENGINE.includes(stage) || (await enterEnvironment(context, stage));
    if (isReady)
      await note(context, stage, () => RUNNERS[stage]({ ...context, say }));
  }
}

// Without its environment a stage is skipped where nothing may be installed, and failed where it may.
async function enterEnvironment(context, stage) {
  try {
    const { file, missing } = await unlessAborted(
      context.environment,
      context.signal,
    );
    if (file) {
      context.env.IMAGEYARD_TEST_ENV = file;
      return true;
    }
    shout(`NOT RUN: ${stage}. ${missing}`);
    context.results.push({ name: stage, counts: SKIPPED, seconds: 0 });
  } catch (error) {
    context.signal.throwIfAborted();
    shout(`NOT RUN: ${stage}. The test environment could not be set up.`);
    fail(context, `set-up of ${stage}`, error);
  }
  return false;
}

function unlessAborted(work, signal) {
  const aborted = new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), {
      once: true,
    });
  });
  return Promise.race([work, aborted]);
}

async function installPackages({ testRun, signal }) {
  if (isInstalled(CHECKOUT, { withDev: true })) return;
  say('npm ci');
  const logs = path.join(testRun.folder, 'logs');
  mkdirSync(logs, { recursive: true });
  const guard = createGuard();
  try {
    await install({
      checkout: CHECKOUT,
      withDev: true,
      logs,
      guard,
      signal,
      env: process.env,
    });
  } catch (error) {
    const output = readFileSync(path.join(logs, 'install.log'), 'utf8');
    throw new Error(`${error.message}\n${output.slice(-3000)}`, {
      cause: error,
    });
  } finally {
    await guard.close();
  }
}

async function note(context, name, work) {
  shout(name);
  const start = Date.now();
  let counts = FAILED;
  try {
    counts = await work();
  } catch (error) {
    report(error);
  }
  context.results.push({
    name,
    counts,
    seconds: Math.round((Date.now() - start) / 1000),
  });
}

function fail(context, name, error) {
  report(error);
  context.results.push({ name, counts: FAILED, seconds: 0 });
}

function closeWith({ results, failures }) {
  console.log();
  for (const failure of failures) say(`failed: ${failure}`);
  for (const { name, counts, seconds } of results)
    say(`${name}: ${formatCounts(counts)} (${seconds} s)`);
  const total = add(...results.map(({ counts }) => counts));
  if (total.failed > 0 || total.passed === 0) process.exitCode = 1;
  console.log(formatCounts(total));
}

function abortOnSignals() {
  const stopping = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(name, () => {
      if (!stopping.signal.aborted) say(`${name}: stopping and clearing away`);
      stopping.abort(new Error(`Stopped by ${name}.`));
    });
  return stopping.signal;
}

function startJanitor(testRun) {
  const janitor = spawn(
    process.execPath,
    [fileURLToPath(new URL('janitor.js', import.meta.url)), testRun.id],
    {
      detached: true,
      cwd: '/',
      env: { PATH: process.env.PATH },
      stdio: ['pipe', 'ignore', 'ignore'],
    },
  );
  janitor.stdin.on('error', () => {});
  janitor.unref();
  janitor.stdin.unref();
  return janitor;
}

function stopJanitor(janitor) {
  return new Promise((resolve) => {
    janitor.ref();
    janitor.once('exit', resolve);
    janitor.stdin.end();
  });
}

function idsOfOthers() {
  return listRuns().map(({ id }) => id);
}

function report(error) {
  console.error(error instanceof Error ? error.message : error);
}

function say(text) {
  console.log(`[test] ${text}`);
}

function shout(text) {
  console.log(`\n[test] ==== ${text} ====`);
}
