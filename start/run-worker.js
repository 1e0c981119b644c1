import { spawn } from 'node:child_process';
import path from 'node:path';
import { CHECKOUT, loadEnv } from './config.js';
import { createGuard } from './guard.js';
import { prepare } from './prepare.js';
import { runToExit } from './start-error.js';

/** The arguments with the secret's file as a whole path: the worker's working folder is not the caller's. */
export function withWholePaths(args, folder) {
  return args.map((arg, index) =>
    args[index - 1] === '--secret-file' ? path.resolve(folder, arg) : arg,
  );
}

/** Runs a worker in the foreground, installed first when that is needed, until it ends or a signal ends it. */
export function runWorker(args) {
  return runToExit(async () => {
    // What is the server's in a shared `.env` is none of the worker's business.
    const { DATABASE_URL, IMAGEYARD_DATA, ...env } = loadEnv();
    const guard = createGuard();
    const stopping = new AbortController();
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
      process.on(signal, () => stopping.abort());
    try {
      await prepare({
        checkout: CHECKOUT,
        logs: path.join(CHECKOUT, '.cache'),
        guard,
        signal: stopping.signal,
        env,
      });
      const code = await runInForeground(
        withWholePaths(args, process.env.INIT_CWD ?? process.cwd()),
        {
          env,
          guard,
          signal: stopping.signal,
        },
      );
      process.exitCode = stopping.signal.aborted ? 0 : code;
    } catch (error) {
      if (!stopping.signal.aborted) throw error;
    } finally {
      await guard.close();
    }
  });
}

async function runInForeground(args, { env, guard, signal }) {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', 'worker/main.ts', ...args],
    {
      cwd: CHECKOUT,
      env,
      detached: true,
      stdio: 'inherit',
    },
  );
  guard.watch(child.pid, [['SIGTERM', 10_000]]);
  signal.addEventListener('abort', () => void guard.stop(child.pid));
  const code = await new Promise((resolve) =>
    child.on('exit', (ended) => resolve(ended ?? 1)),
  );
  guard.forget(child.pid);
  return code;
}
