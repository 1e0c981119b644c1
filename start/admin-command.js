import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { CHECKOUT } from './config.js';
import { logFile } from './logs.js';
import { StartError } from './start-error.js';

/** Asks start/admin.ts and gives back its answer: `{ hasOwner, token? }`, or `{ rotation }`. */
export async function runAdmin(name, { env, logs, guard }) {
  const file = logFile(logs, 'admin');
  const log = openSync(file, 'a', 0o600);
  // `react-server` is the condition under which the services' `server-only` guard lets plain Node in.
  const child = spawn(
    process.execPath,
    ['--conditions=react-server', '--import', 'tsx', 'start/admin.ts', name],
    { cwd: CHECKOUT, env, detached: true, stdio: ['ignore', 'pipe', log] },
  );
  closeSync(log);
  guard.watch(child.pid, [['SIGTERM', 3_000]]);
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (output += text));
  const code = await new Promise((resolve) => child.on('close', resolve));
  guard.forget(child.pid);
  const answer =
    code === 0 ? JSON.parse(output.trim().split('\n').pop()) : null;
  if (!answer)
    throw new StartError(`The database could not be prepared. Log: ${file}`);
  if (answer.error) throw new StartError(answer.error);
  return answer;
}
