import { readdirSync, readFileSync } from 'node:fs';
import { startTimeOf } from '@/start/process-identity.js';

type Process = { pid: number; command: string };

/** Every process of this machine, those inside containers too, with its arguments joined by spaces. */
export function listProcesses(): Process[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({
      pid: Number(name),
      command: read(`/proc/${name}/cmdline`).replaceAll('\0', ' ').trim(),
    }));
}

/** The processes that one process has started itself. */
export function childrenOf(parent: number | undefined): Process[] {
  return listProcesses().filter(
    ({ pid }) =>
      Number(/\) \S (\d+)/.exec(read(`/proc/${pid}/stat`))?.[1]) === parent,
  );
}

/** Whether a process still runs; one that ended and was not yet waited for does not. */
export function isAlive(pid: number): boolean {
  return startTimeOf(pid) !== null;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
