import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';

const MARK = 'IMAGEYARD_TEST_RUN';

/** The environment of everything a run starts: by its mark the run finds them again, and their temporary files lie in its folder. */
export function markedEnv(testRun, extra = {}) {
  const folder = (name) => `${testRun.folder}/${name}`;
  return {
    ...process.env,
    [MARK]: testRun.id,
    TMPDIR: folder('tmp'),
    XDG_CONFIG_HOME: folder('tmp/config'),
    XDG_CACHE_HOME: folder('tmp/cache'),
    XDG_RUNTIME_DIR: folder('tmp/runtime'),
    ...extra,
  };
}

/**
 * Starts a server that outlives this process. It gets a session of its own, so
 * that Ctrl-C at the terminal reaches us first and we stop it in order.
 */
export function startServer(testRun, name, program, args, { env } = {}) {
  const logFile = `${testRun.folder}/${name}.log`;
  const log = openSync(logFile, 'a');
  const child = spawn(program, args, {
    detached: true,
    cwd: testRun.folder,
    env: markedEnv(testRun, env),
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  child.unref();
  let failure;
  child.on('error', (error) => (failure = error.message));
  child.on(
    'exit',
    (code, signal) => (failure = `ended with ${signal ?? `code ${code}`}`),
  );
  return {
    name,
    pid: child.pid,
    /** Throws, with the end of its log, once the server is gone. */
    assertRunning() {
      if (failure === undefined) return;
      const tail = readFileSync(logFile, 'utf8').slice(-3000);
      throw new Error(`${name} ${failure}:\n${tail}`);
    },
  };
}

/** Marks whatever this process starts from now on without saying otherwise. */
export function markOwnChildren(testRun) {
  process.env[MARK] = testRun.id;
}

/** This process's environment without the mark, for what must not be killed halfway. */
export function unmarkedEnv() {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => name !== MARK),
  );
}

/** Whether an environment as in `/proc/<pid>/environ` carries this run's mark. */
export function isMarked(environ, id) {
  return environ.split('\0').includes(`${MARK}=${id}`);
}
