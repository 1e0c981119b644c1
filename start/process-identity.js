import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** When a process began, in the system's own words; null once it is gone or a zombie. A process id alone is used again. */
export function startTimeOf(pid) {
  return process.platform === 'linux' ? fromProc(pid) : fromPs(pid);
}

function fromProc(pid) {
  const stat = readOr(`/proc/${pid}/stat`, '');
  // The name, in brackets, may itself hold brackets and spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state] = fields;
  return stat === '' || state === 'Z' || state === 'X' ? null : fields[19];
}

function fromPs(pid) {
  try {
    const line = execFileSync(
      'ps',
      ['-o', 'stat=,lstart=', '-p', String(pid)],
      {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    ).trim();
    return line === '' || line.startsWith('Z')
      ? null
      : line.replace(/^\S+\s+/, '');
  } catch {
    return null;
  }
}

export function isSameProcess({ pid, startTime }) {
  return startTime !== null && startTimeOf(pid) === startTime;
}

/** Where process ids mean what they mean here: this boot of this machine, and this container. */
export function processSpace() {
  const boot = readOr('/proc/sys/kernel/random/boot_id', '').trim();
  let container = '';
  try {
    container = readlinkSync('/proc/self/ns/pid');
  } catch {
    // Not Linux: there is one process space a machine.
  }
  return `${hostname()} ${boot} ${container}`;
}

function readOr(file, otherwise) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return otherwise;
  }
}
