import { type ChildProcess, spawn } from 'node:child_process';
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { vi } from 'vitest';

const CHECKOUT = fileURLToPath(new URL('../..', import.meta.url));

type Start = {
  process: ChildProcess;
  output: () => string;
  /** The exit code; null when a signal ended it. */
  exited: Promise<number | null>;
};

/**
 * One data folder and port, on which starts are run. `seed` is a data folder to begin with a copy of. `end()` stops what
 * is left and removes the folder.
 */
export async function makeInstallation({
  below = '',
  seed,
  env = {},
}: { below?: string; seed?: string; env?: Record<string, string> } = {}) {
  const folder = mkdtempSync(path.join(tmpdir(), 'imageyard-start-'));
  const data = path.join(folder, below, 'data');
  const port = await freePort();
  if (seed) cpSync(seed, data, { recursive: true });
  const starts: Start[] = [];

  function run(
    script = 'start/testing/stub-start.js',
    more: Record<string, string> = {},
  ): Start {
    const child = spawn(process.execPath, [script], {
      cwd: CHECKOUT,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        DATABASE_URL: '',
        PUBLIC_URL: '',
        HOST: '',
        IMAGEYARD_DATA: data,
        PORT: String(port),
        DOCKER_HOST: `unix://${folder}/no-engine.sock`,
        ...env,
        ...more,
      },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    }
    const exited = new Promise<number | null>((resolve) =>
      child.on('close', resolve),
    );
    const start = { process: child, output: () => output, exited };
    starts.push(start);
    return start;
  }

  return {
    folder,
    data,
    port,
    run,
    /** Runs a start and stops it again once it is up. */
    async upAndDown() {
      const start = await this.up();
      start.process.kill('SIGTERM');
      await start.exited;
      return start;
    },
    /** Runs a start until its address is printed. */
    async up(more?: Record<string, string>) {
      const start = run(undefined, more);
      await until(
        () =>
          start.output().includes('is running at') ||
          start.process.exitCode !== null,
      );
      if (start.process.exitCode !== null)
        throw new Error(`The start ended: ${start.output()}`);
      return start;
    },
    visit: (page: string) => visit(`http://127.0.0.1:${port}${page}`),
    processes: () => processesOf(data),
    async end() {
      for (const { process: child, exited } of starts) {
        if (child.exitCode === null && child.signalCode === null)
          child.kill('SIGTERM');
        await exited;
      }
      await until(() => processesOf(data).length === 0);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export type Installation = Awaited<ReturnType<typeof makeInstallation>>;

/** Polls until it holds; fails after 45 s. */
export function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  return vi
    .waitUntil(holds, { timeout: 45_000, interval: 50 })
    .then(() => undefined);
}

type Visit = { ok: boolean; pid: number; count: number };

async function visit(url: string): Promise<Visit | null> {
  try {
    const response = await fetch(url);
    return response.ok ? ((await response.json()) as Visit) : null;
  } catch {
    return null;
  }
}

/** Processes whose command line or environment names the folder: everything a start has started but its watchdog. */
function processesOf(folder: string): number[] {
  return allProcesses().filter((pid) =>
    ['cmdline', 'environ'].some((name) =>
      readProc(pid, name)
        .split('\0')
        .some((text) => text.includes(folder)),
    ),
  );
}

/** The processes a process has started itself, with their command lines. */
export function childrenOf(parent: number): { pid: number; command: string }[] {
  return allProcesses()
    .filter(
      (pid) =>
        Number(/\) \S (\d+)/.exec(readProc(pid, 'stat'))?.[1]) === parent,
    )
    .map((pid) => ({
      pid,
      command: readProc(pid, 'cmdline').replaceAll('\0', ' '),
    }));
}

function allProcesses(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function readProc(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return '';
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
