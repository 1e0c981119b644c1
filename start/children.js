import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { sizeOf } from './logs.js';
import { fileReason, StartError } from './start-error.js';
import { signalGroup } from './stop-process.js';

const GENTLY = [['SIGTERM', 10_000]];
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 30_000;
// Who lived this long gets the short pause again.
const HEALTHY_MS = 10_000;

/**
 * Starts a program in a process group of its own, so that Ctrl-C at the terminal reaches only us and we stop in order.
 * Its output goes to the log, and the guard knows of it from its first moment.
 */
export function startChild({
  command,
  args,
  cwd,
  env,
  logFile,
  guard,
  signals = GENTLY,
}) {
  const log = openSync(logFile, 'a', 0o600);
  const child = spawn(command, args, {
    cwd,
    env,
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  if (child.pid !== undefined) guard.watch(child.pid, signals);
  const exited = new Promise((resolve) => {
    child.on('error', (error) => resolve({ code: null, signal: null, error }));
    child.on('exit', (code, signal) => {
      signalGroup(child.pid, 'SIGKILL');
      guard.forget(child.pid);
      resolve({ code, signal });
    });
  });
  return { pid: child.pid, exited };
}

/** Runs a program to its end. Resolves to its exit code and where in the log its output begins; aborting stops it. */
export async function runTask({ signal, ...options }) {
  signal?.throwIfAborted();
  const offset = sizeOf(options.logFile);
  const child = startChild(options);
  const stop = () => void options.guard.stop(child.pid);
  signal?.addEventListener('abort', stop);
  const { code, error } = await child.exited;
  signal?.removeEventListener('abort', stop);
  signal?.throwIfAborted();
  if (error)
    throw new StartError(`${options.command} cannot run: ${fileReason(error)}`);
  return { code, offset };
}

/**
 * Keeps a program running until it is stopped: whenever it ends by itself it is started again, ever more slowly.
 * `first` is the child to begin with, when it was started already.
 */
export function keepRunning({ name, say, first = null, ...options }) {
  const stopping = new AbortController();
  let current = first;
  let endings = 0;
  const loop = async () => {
    while (!stopping.signal.aborted) {
      const began = Date.now();
      current ??= startChild(options);
      const ending = await current.exited;
      current = null;
      if (stopping.signal.aborted) return;
      endings = Date.now() - began > HEALTHY_MS ? 1 : endings + 1;
      const pauseMs = Math.min(
        FIRST_PAUSE_MS * 2 ** (endings - 1),
        LONGEST_PAUSE_MS,
      );
      if (endings <= 5) say(endingLine(name, ending, pauseMs, options.logFile));
      await delay(pauseMs, undefined, { signal: stopping.signal }).catch(
        () => {},
      );
    }
  };
  const ended = loop();
  return {
    /** How often it ended by itself without having lived for a while in between. */
    endings: () => endings,
    async stop() {
      stopping.abort();
      if (current?.pid !== undefined) await options.guard.stop(current.pid);
      await ended;
    },
  };
}

function endingLine(name, { code, signal, error }, pauseMs, logFile) {
  const how = error
    ? fileReason(error)
    : signal
      ? `by ${signal}`
      : `with code ${code}`;
  return `${name} ended ${how}; starting it again in ${pauseMs / 1000} s. Log: ${logFile}`;
}
