import { spawn } from 'node:child_process';

const TAIL_CHARS = 4000;

/**
 * Runs a program to its end and gives back what it printed. Rejects with the
 * last part of its output when it fails, so that a broken set-up explains itself.
 */
export function run(program, args, { input, ...options } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      ...options,
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
    let stdout = '';
    let both = '';
    const keep = (text) => (both = (both + text).slice(-TAIL_CHARS));
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
      keep(text);
    });
    child.stderr.setEncoding('utf8').on('data', keep);
    child.on('error', (cause) =>
      reject(new Error(`${program} could not be started.`, { cause })),
    );
    child.on('close', (code, signal) => {
      if (code === 0) resolve(stdout);
      else
        reject(
          new Error(
            `${[program, ...args].join(' ')} ended with ${signal ?? `code ${code}`}:\n${both.trim()}`,
          ),
        );
    });
    if (input !== undefined) child.stdin.end(input);
  });
}

/** Calls `probe` until it gives something truthy; rejects with `what` after `timeoutMs`. */
export async function waitFor(what, probe, timeoutMs) {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const value = await probe();
    if (value) return value;
    if (Date.now() > end)
      throw new Error(`${what} did not happen within ${timeoutMs / 1000} s.`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
