import {
  chmodSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import path from 'node:path';
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  vi,
} from 'vitest';
import {
  childrenOf,
  type Installation,
  makeInstallation,
  until,
} from './testing/installation';

// Made once and copied, where a test is not about making it.
let seed: Installation;
beforeAll(async () => {
  seed = await makeInstallation();
  await seed.upAndDown();
});
afterAll(() => seed.end());

let installation: Installation;
const begin = (from?: () => string) =>
  beforeEach(async () => {
    installation = await makeInstallation({ seed: from?.() });
  });
const empty = () => begin();
const seeded = () => begin(() => seed.data);
afterEach(() => installation.end());

const modeOf = (file: string) => statSync(file).mode & 0o777;

function pidOf(child: { pid?: number | undefined }): number {
  if (child.pid === undefined) throw new Error('It did not start.');
  return child.pid;
}

function watchdogOf(child: { pid?: number | undefined }): number {
  const found = childrenOf(pidOf(child)).find(({ command }) =>
    command.includes('watchdog.js'),
  );
  if (!found) throw new Error('There is no watchdog.');
  return found.pid;
}

vi.setConfig({ testTimeout: 120_000 });

describe('a first start', () => {
  empty();

  it('makes a closed data folder, key and worker secret, and prints address and set-up link', async () => {
    const { data, port } = installation;
    const start = await installation.up();
    await until(() => start.output().includes('No container engine'));
    expect(start.output()).toContain(
      `http://127.0.0.1:${port}/set-up#stub-token`,
    );
    expect(start.output()).toContain('loses every stored credential');
    expect(modeOf(data)).toBe(0o700);
    expect(modeOf(path.join(data, 'key'))).toBe(0o600);
    expect(modeOf(path.join(data, 'worker/secret'))).toBe(0o600);
    expect(
      Buffer.from(readFileSync(path.join(data, 'key'), 'utf8'), 'base64'),
    ).toHaveLength(32);
  });

  it('stops everything on Ctrl-C, the database last and cleanly, and ends with 0', async () => {
    const start = await installation.up();
    start.process.kill('SIGINT');
    expect(await start.exited).toBe(0);
    expect(installation.processes()).toEqual([]);
    expect(
      readFileSync(path.join(installation.data, 'logs/database.log'), 'utf8'),
    ).toMatch(/is shut down\n$/);
    expect(() => statSync(path.join(installation.data, 'run/lock'))).toThrow(
      'ENOENT',
    );
  });

  it('can be stopped while the database is still being made', async () => {
    const start = installation.run();
    await until(() => installation.processes().length > 1);
    start.process.kill('SIGTERM');
    expect(await start.exited).toBe(0);
    expect(installation.processes()).toEqual([]);
    await installation.up();
  });

  it('several times at the same moment leaves one running', async () => {
    const both = [installation.run(), installation.run(), installation.run()];
    await until(async () => (await installation.visit('/')) !== null);
    await until(
      () => both.filter(({ process }) => process.exitCode === 0).length === 2,
    );
    expect(
      both.filter(({ process }) => process.exitCode === null),
    ).toHaveLength(1);
    const losers = both
      .filter(({ process }) => process.exitCode === 0)
      .map(({ output }) => output());
    for (const output of losers)
      expect(output).toMatch(/^Imageyard is already (starting|running)/);
  });
});

describe('a second start', () => {
  seeded();

  it('keeps key and data', async () => {
    const first = await installation.up();
    await installation.visit('/count');
    const key = readFileSync(path.join(seed.data, 'key'), 'utf8');
    first.process.kill('SIGTERM');
    await first.exited;
    const second = await installation.up();
    expect(await installation.visit('/')).toMatchObject({ count: 1 });
    expect(readFileSync(path.join(installation.data, 'key'), 'utf8')).toBe(key);
    expect(second.output()).not.toContain('installation key');
  });

  it('beside a running one says where that is, and ends with 0', async () => {
    const first = await installation.up();
    const second = installation.run();
    expect(await second.exited).toBe(0);
    expect(second.output()).toBe(
      `Imageyard is already running at http://127.0.0.1:${installation.port} (process ${pidOf(first.process)}).\n`,
    );
  });
});

describe('after kill -9', () => {
  seeded();

  it('of the supervisor nothing is left running, and the next start has the data', async () => {
    const first = await installation.up();
    await installation.visit('/count');
    first.process.kill('SIGKILL');
    await first.exited;
    await expect
      .poll(() => installation.processes(), { timeout: 8_000 })
      .toEqual([]);
    await installation.up();
    expect(await installation.visit('/')).toMatchObject({ count: 1 });
  });

  it('of the supervisor a start at once waits for what was left', async () => {
    const first = await installation.up();
    const { pid } = (await installation.visit('/count')) ?? {};
    first.process.kill('SIGKILL');
    await first.exited;
    await installation.up();
    const visit = await installation.visit('/');
    expect(visit).toMatchObject({ count: 1 });
    expect(visit?.pid).not.toBe(pid);
  });

  it('of supervisor and watchdog the next start stops what was left and has the data', async () => {
    const first = await installation.up();
    await installation.visit('/count');
    process.kill(watchdogOf(first.process), 'SIGSTOP');
    process.kill(pidOf(first.process), 'SIGSTOP');
    const left = installation
      .processes()
      .filter((pid) => pid !== first.process.pid);
    process.kill(watchdogOf(first.process), 'SIGKILL');
    process.kill(pidOf(first.process), 'SIGKILL');
    await first.exited;
    expect(installation.processes()).toEqual(left);
    await installation.up();
    expect(
      installation.processes().filter((pid) => left.includes(pid)),
    ).toEqual([]);
    expect(await installation.visit('/')).toMatchObject({ count: 1 });
  });

  it('of supervisor and watchdog the server is found by its own mark when our record is lost', async () => {
    const first = await installation.up();
    await installation.visit('/count');
    process.kill(pidOf(first.process), 'SIGSTOP');
    process.kill(watchdogOf(first.process), 'SIGKILL');
    process.kill(pidOf(first.process), 'SIGKILL');
    await first.exited;
    const app = (await installation.visit('/'))?.pid;
    rmSync(path.join(installation.data, 'run/children.json'));
    if (app !== undefined) process.kill(app, 'SIGKILL');
    await installation.up();
    expect(await installation.visit('/')).toMatchObject({ count: 1 });
  });

  it('of the watchdog another takes its place', async () => {
    const start = await installation.up();
    const watchdog = watchdogOf(start.process);
    process.kill(watchdog, 'SIGKILL');
    await until(() =>
      childrenOf(pidOf(start.process)).some(
        ({ pid, command }) =>
          pid !== watchdog && command.includes('watchdog.js'),
      ),
    );
    start.process.kill('SIGKILL');
    await start.exited;
    await expect
      .poll(() => installation.processes(), { timeout: 8_000 })
      .toEqual([]);
  });

  it('of the app or the database it is started again', async () => {
    const start = await installation.up();
    const before = await installation.visit('/count');
    process.kill(before?.pid ?? NaN, 'SIGKILL');
    await until(async () => (await installation.visit('/')) !== null);
    expect(start.output()).toContain(
      'The app ended by SIGKILL; starting it again in 0.25 s.',
    );
    const server = childrenOf(pidOf(start.process)).find(({ command }) =>
      command.includes('/postgres -D'),
    );
    process.kill(server?.pid ?? NaN, 'SIGKILL');
    await until(() => start.output().includes('The database ended by SIGKILL'));
    await until(async () => (await installation.visit('/')) !== null);
    expect(await installation.visit('/')).toMatchObject({ count: 1 });
  });
});

describe('the place', () => {
  empty();

  it('may be too deep for a unix socket', async () => {
    const deep = await makeInstallation({
      below: 'a-rather-long-folder-name/'.repeat(5),
    });
    try {
      const start = await deep.up();
      expect(await deep.visit('/count')).toMatchObject({ count: 1 });
      const socket =
        readFileSync(
          path.join(deep.data, 'postgres/18/postmaster.pid'),
          'utf8',
        ).split('\n')[4] ?? '';
      expect(socket.startsWith(deep.data)).toBe(false);
      expect(modeOf(path.dirname(socket))).toBe(0o700);
      start.process.kill('SIGKILL');
      await start.exited;
      await until(
        () =>
          statSync(path.dirname(socket), { throwIfNoEntry: false }) ===
          undefined,
      );
    } finally {
      await deep.end();
    }
  });

  it('is closed when others could look in, and says so', async () => {
    mkdirSync(installation.data, { mode: 0o755 });
    const start = await installation.up();
    expect(start.output()).toContain(
      'was open to other users (mode 755); it is closed to them now.',
    );
    expect(modeOf(installation.data)).toBe(0o700);
  });
});

describe('a start that cannot be says why in one line and ends with 1:', () => {
  empty();

  const refusal = async (more?: Record<string, string>) => {
    const start = installation.run(undefined, more);
    expect(await start.exited).toBe(1);
    expect(installation.processes()).toEqual([]);
    return start.output();
  };

  it('the port is in use', async () => {
    const other = createServer();
    await new Promise<void>((resolve) =>
      other.listen(installation.port, '127.0.0.1', resolve),
    );
    try {
      expect(await refusal()).toBe(
        `Port ${installation.port} on 127.0.0.1 is in use by another program. Choose another: PORT=${installation.port + 1} npm start\n`,
      );
    } finally {
      other.close();
    }
  });

  it('the data folder is no folder', async () => {
    writeFileSync(installation.data, '');
    expect(await refusal()).toMatch(
      /^The data folder .* cannot be used: .*\. IMAGEYARD_DATA names another one\.\n$/,
    );
  });

  it('the data folder holds something else', async () => {
    mkdirSync(installation.data);
    writeFileSync(path.join(installation.data, 'thesis.tex'), '');
    expect(await refusal()).toMatch(
      /is not empty and not an Imageyard data folder/,
    );
  });

  it('the database of DATABASE_URL is not there, without repeating the password', async () => {
    const url = `postgresql://me:canary-secret@127.0.0.1:${installation.port}/yard`;
    const output = await refusal({ DATABASE_URL: url });
    expect(output).toContain(
      `The database of DATABASE_URL (127.0.0.1:${installation.port}/yard) cannot be used: nothing listens there\n`,
    );
    expect(output).not.toContain('canary-secret');
  });

  it('the key is gone, open to others or cut short', async () => {
    await installation.upAndDown();
    const key = path.join(installation.data, 'key');
    const text = readFileSync(key, 'utf8');
    chmodSync(key, 0o644);
    expect(await refusal()).toMatch(
      /^Other users may read .*\/key \(mode 644\)\. Close it with: chmod 600/,
    );
    writeFileSync(key, text.slice(0, 20));
    chmodSync(key, 0o600);
    expect(await refusal()).toMatch(/must hold 32 bytes in base64, not 15/);
    rmSync(key);
    expect(await refusal()).toMatch(/^The key .* is missing, .*\n$/);
  });
});

describe('the local worker', () => {
  seeded();

  it("runs when an engine answers, with its secret and without the server's settings", async () => {
    const socket = path.join(installation.folder, 'engine.sock');
    const engine = createHttpServer((_, response) => response.end('OK'));
    await new Promise<void>((resolve) => engine.listen(socket, resolve));
    try {
      await installation.up({ DOCKER_HOST: `unix://${socket}` });
      const log = path.join(installation.data, 'logs/worker.log');
      await expect
        .poll(() => readFileSync(log, 'utf8'), { timeout: 10_000 })
        .toBe(`worker unix://${socket} 600 sees []\n`);
    } finally {
      engine.close();
    }
  });
});

describe('a link for the owner', () => {
  empty();

  it('is made while Imageyard runs and while it does not', async () => {
    const early = installation.run('start/set-up-link.js');
    expect(await early.exited).toBe(1);
    expect(early.output()).toMatch(/^There is no installation in .* yet\./);

    const start = await installation.up({ STUB_REAL_TABLES: '1' });
    const printed = [/#(\S+)/.exec(start.output())?.[1]];
    for (const isUp of [true, false]) {
      if (!isUp) start.process.kill('SIGTERM');
      if (!isUp) await start.exited;
      const command = installation.run('start/set-up-link.js');
      expect(await command.exited).toBe(0);
      printed.push(/\/set-up#([\w-]{40,})\n$/.exec(command.output())?.[1]);
    }
    expect(new Set(printed).size).toBe(3);
    expect(printed).not.toContain(undefined);
    expect(installation.processes()).toEqual([]);

    const reset = installation.run('start/reset-owner.js');
    expect(await reset.exited).toBe(1);
    expect(reset.output()).toBe(
      'There is no owner yet. `npm run set-up-link` prints the link that makes one.\n',
    );
  });
});
