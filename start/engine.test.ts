import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { engineAddresses, findEngine } from './engine.js';
import { engineProblem, serverUrlFor, workerEnv } from './local-worker.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'imageyard-engine-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function withServer(
  listen: string | number,
  reply: RequestListener,
  visit: (port: number) => Promise<void>,
) {
  const server = createServer(reply);
  await new Promise<void>((resolve) => server.listen(listen, resolve));
  const address = server.address();
  try {
    await visit(
      typeof address === 'object' && address !== null ? address.port : 0,
    );
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

it.each([
  [
    'DOCKER_HOST alone',
    { DOCKER_HOST: 'tcp://engine.example.com:2375', HOME: '/home/ada' },
    ['tcp://engine.example.com:2375'],
  ],
  [
    'the usual sockets, Docker’s first',
    {},
    ['unix:///var/run/docker.sock', 'unix:///run/podman/podman.sock'],
  ],
  [
    'sockets of engines without root too',
    { XDG_RUNTIME_DIR: '/run/user/1000', HOME: '/home/ada' },
    [
      'unix:///var/run/docker.sock',
      'unix:///run/user/1000/docker.sock',
      'unix:///home/ada/.docker/run/docker.sock',
      'unix:///run/podman/podman.sock',
      'unix:///run/user/1000/podman/podman.sock',
    ],
  ],
  [
    'Podman’s alone where that is wanted',
    { BUILD_ENGINE: 'podman', HOME: '/home/ada' },
    ['unix:///run/podman/podman.sock'],
  ],
])('looks at %s', (_, env, addresses) => {
  expect(engineAddresses(env)).toEqual(addresses);
});

it('finds an engine behind a socket, and asks only for its ping', async () => {
  const socket = path.join(folder, 'docker.sock');
  const asked: unknown[] = [];
  await withServer(
    socket,
    (request, response) => {
      asked.push(request.url);
      response.end('OK');
    },
    async () => {
      const env = { XDG_RUNTIME_DIR: folder, DOCKER_HOST: `unix://${socket}` };
      expect(await findEngine(env)).toEqual({
        state: 'ready',
        address: `unix://${socket}`,
      });
    },
  );
  expect(asked).toEqual(['/_ping']);
});

it('finds an engine behind a port', async () => {
  await withServer(
    0,
    (_, response) => response.end('OK'),
    async (port) => {
      const address = `tcp://127.0.0.1:${port}`;
      expect(await findEngine({ DOCKER_HOST: address })).toEqual({
        state: 'ready',
        address,
      });
    },
  );
});

it.each([
  'unix:///nonexistent/docker.sock',
  'tcp://127.0.0.1:1',
  'ssh://engine.example.com',
  'nonsense',
])('finds none at %s', async (address) => {
  expect(await findEngine({ DOCKER_HOST: address })).toEqual({ state: 'none' });
});

it('does not take another server for an engine', async () => {
  await withServer(
    0,
    (_, response) => response.writeHead(404).end(),
    async (port) => {
      expect(
        await findEngine({ DOCKER_HOST: `tcp://127.0.0.1:${port}` }),
      ).toEqual({ state: 'none' });
    },
  );
});

it('says how to be allowed to use an engine', () => {
  const line = engineProblem({
    state: 'forbidden',
    address: 'unix:///var/run/docker.sock',
  });
  expect(line).toContain(
    'may not use the container engine at unix:///var/run/docker.sock',
  );
  expect(line).toContain('usermod -aG docker');
  expect(line).not.toContain('\n');
});

it('says how to have a Podman of one’s own where another’s is closed', () => {
  const line = engineProblem({
    state: 'forbidden',
    address: 'unix:///run/podman/podman.sock',
  });
  expect(line).toContain('systemctl --user enable --now podman.socket');
  expect(line).not.toContain('usermod');
});

it('says how to get an engine', () => {
  const text = engineProblem({ state: 'none', address: undefined });
  expect(text).toContain('everything else works');
  expect(text).toContain('Connect a worker');
});

it.each([
  [
    'http://127.0.0.1:3000',
    'https://yard.example.com',
    'http://127.0.0.1:3000',
  ],
  ['http://[::1]:3000', 'https://yard.example.com', 'http://[::1]:3000'],
  [
    'http://192.0.2.7:3000',
    'https://yard.example.com',
    'https://yard.example.com',
  ],
])(
  'sends the local worker from %s and %s to %s',
  (localUrl, publicUrl, expected) => {
    expect(serverUrlFor({ localUrl, publicUrl })).toBe(expected);
  },
);

it.each([
  [
    'an engine',
    { engineAddress: 'unix:///a.sock', usesTestEngine: false },
    { DOCKER_HOST: 'unix:///a.sock' },
  ],
  [
    'the test engine in development',
    { engineAddress: null, usesTestEngine: true },
    { BUILD_ENGINE: 'fake', IMAGEYARD_ALLOW_TEST_ENGINE: '1' },
  ],
])(
  "gives the worker %s and none of the server's settings",
  (_, choice, added) => {
    const env = {
      PATH: '/bin',
      DATABASE_URL: 'postgresql://canary',
      IMAGEYARD_DATA: '/data',
      BUILD_ENGINE: 'fake',
      IMAGEYARD_ALLOW_TEST_ENGINE: '0',
    };
    expect(workerEnv(env, choice)).toEqual({ PATH: '/bin', ...added });
  },
);

it('tells the worker which engine is wanted', () => {
  const choice = { engineAddress: 'unix:///p.sock', usesTestEngine: false };
  const env = {
    BUILD_ENGINE: 'podman',
    DATABASE_URL: '',
    IMAGEYARD_DATA: '',
    IMAGEYARD_ALLOW_TEST_ENGINE: '0',
  };
  expect(workerEnv(env, choice)).toEqual({
    BUILD_ENGINE: 'podman',
    DOCKER_HOST: 'unix:///p.sock',
  });
});
