import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { CHECKOUT } from '../config.js';
import { signalGroup } from '../stop-process.js';
import { markedEnv } from './background.js';
import { failuresOfPlaywright, failuresOfVitest, line } from './failures.js';
import {
  add,
  countPlaywright,
  countVitest,
  judgeRunner,
  NOTHING,
} from './tally.js';

const GRACE_MS = 10_000;
const BIN = path.join(CHECKOUT, 'node_modules/.bin');
const UNHANDLED_REPORTER = path.join(
  import.meta.dirname,
  'unhandled-reporter.js',
);

/**
 * The commands of `npm run check`, as package.json writes them. Vitest's is left
 * out: its tests are counted one by one.
 */
function checkCommands() {
  const { scripts } = JSON.parse(
    readFileSync(path.join(CHECKOUT, 'package.json'), 'utf8'),
  );
  return scripts.check
    .split(' && ')
    .map((line) => line.split(' '))
    .filter(([program]) => program !== 'vitest');
}

/** Runs the linters and the like; each counts as one test. */
export async function runChecks(context) {
  let counts = NOTHING;
  for (const [program, ...args] of checkCommands()) {
    context.say(`${program} ${args.join(' ')}`);
    const code = await runLive(context, path.join(BIN, program), args);
    counts = add(counts, { ...NOTHING, [code === 0 ? 'passed' : 'failed']: 1 });
  }
  return counts;
}

/** Runs one of Vitest's projects, and adds what failed to the failures of the run. */
export async function runVitest(context, project) {
  const report = reportFile(context, project);
  const unhandled = reportFile(context, `${project}-unhandled`);
  const code = await runLive(
    context,
    path.join(BIN, 'vitest'),
    [
      'run',
      '--project',
      project,
      '--no-allowOnly',
      '--reporter=default',
      '--reporter=json',
      `--reporter=${UNHANDLED_REPORTER}`,
      `--outputFile.json=${report}`,
      ...context.filter,
    ],
    { IMAGEYARD_TEST_UNHANDLED: unhandled },
  );
  context.failures.push(
    ...(readReport(report, failuresOfVitest) ?? []),
    ...(readReport(unhandled, (errors) =>
      errors.map(({ message }) => line(project, 'outside every test', message)),
    ) ?? []),
  );
  return judgeRunner(readReport(report, countVitest), code);
}

/** Builds the app as a start would, then runs the browser tests against it; failures as by `runVitest`. */
export async function runPlaywright(context) {
  const built = await runLive(context, path.join(CHECKOUT, 'start/main.js'), [
    '--prepare',
  ]);
  if (built !== 0) return judgeRunner(undefined, built);
  const report = reportFile(context, 'e2e');
  const code = await runLive(
    context,
    path.join(BIN, 'playwright'),
    ['test', '--forbid-only', '--reporter=list,json', ...context.filter],
    { PLAYWRIGHT_JSON_OUTPUT_FILE: report },
  );
  context.failures.push(...(readReport(report, failuresOfPlaywright) ?? []));
  return judgeRunner(readReport(report, countPlaywright), code);
}

function reportFile({ testRun }, name) {
  const folder = path.join(testRun.folder, 'reports');
  mkdirSync(folder, { recursive: true });
  return path.join(folder, `${name}.json`);
}

function readReport(file, count) {
  if (!existsSync(file)) return undefined;
  try {
    return count(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}

/**
 * Runs a program whose output is shown as it comes, and gives its exit code. It
 * and what it started end when the run is stopped, or when it takes too long.
 */
function runLive(context, program, args, extra = {}) {
  const { testRun, signal, env, limitMs, say } = context;
  signal.throwIfAborted();
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [program, ...args], {
      cwd: CHECKOUT,
      detached: true,
      env: markedEnv(testRun, {
        ...env,
        ...extra,
        NEXT_TELEMETRY_DISABLED: '1',
      }),
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    let killing;
    const stop = () => {
      signalGroup(child.pid, 'SIGTERM');
      killing = setTimeout(() => signalGroup(child.pid, 'SIGKILL'), GRACE_MS);
    };
    const limit = setTimeout(() => {
      say(
        `${path.basename(program)} did not end within ${limitMs / 60_000} minutes; stopping it`,
      );
      stop();
    }, limitMs);
    signal.addEventListener('abort', stop, { once: true });
    const end = (code) => {
      clearTimeout(limit);
      clearTimeout(killing);
      signal.removeEventListener('abort', stop);
      resolve(code ?? 1);
    };
    child.on('error', () => end(1));
    child.on('exit', end);
  });
}
