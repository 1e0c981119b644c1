import { createServer, type AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { appEnv, checkPort, portProblem } from './app.js';
import { describeUrl, socketUrl } from './database.js';
import { parsePasswd, pickUser } from './postgres-account.js';
import { withWholePaths } from './run-worker.js';

it('lets a free port pass, and names the variable for one in use', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  await expect(checkPort({ host: '127.0.0.1', port })).rejects.toThrow(
    `Choose another: PORT=${port + 1} npm start`,
  );
  await new Promise((resolve) => other.close(resolve));
  await expect(checkPort({ host: '127.0.0.1', port })).resolves.toBeUndefined();
});

it.each([
  ['EACCES', '127.0.0.1', 80, 'PORT=3000'],
  [
    'EADDRNOTAVAIL',
    '192.0.2.7',
    3000,
    'HOST=192.0.2.7 is not an address of this machine',
  ],
  [
    'ENOTFOUND',
    'x86_64-linux',
    3000,
    'HOST=x86_64-linux is not an address of this machine',
  ],
])('puts %s on %s:%d into words', (code, host, port, words) => {
  expect(portProblem(code, host, port)).toContain(words);
});

type Env = Record<string, string>;

const installation = {
  databaseUrl: 'postgresql://db',
  dataFolder: '/data',
  publicUrl: 'https://yard.example.com',
};

it.each([
  ['start', { BUILD_ENGINE: 'fake' }, '0'],
  ['start', { IMAGEYARD_ALLOW_TEST_ENGINE: '1' }, '0'],
  ['dev', { BUILD_ENGINE: 'fake' }, '1'],
  ['dev', {}, '0'],
])('npm run %s with %j allows the test engine: %s', (mode, env, allowed) => {
  const result = appEnv({ mode, env, ...installation }) as Env;
  expect(result).not.toHaveProperty('BUILD_ENGINE');
  expect(result.IMAGEYARD_ALLOW_TEST_ENGINE).toBe(allowed);
});

it('tells the app where it lives, over what its environment said', () => {
  const env = { NODE_ENV: 'test', DATABASE_URL: '', PATH: '/bin' };
  expect(appEnv({ mode: 'start', env, ...installation })).toMatchObject({
    NODE_ENV: 'production',
    DATABASE_URL: 'postgresql://db',
    IMAGEYARD_DATA: '/data',
    PUBLIC_URL: 'https://yard.example.com',
    PATH: '/bin',
  });
});

it("writes a socket's address so that any folder survives it", () => {
  const url = new URL(socketUrl('/data folder/é&?', 'yard'));
  expect(url.searchParams.get('host')).toBe('/data folder/é&?');
  expect([url.username, url.password, url.pathname]).toEqual([
    'imageyard',
    '',
    '/yard',
  ]);
});

it.each([
  [
    'postgresql://me:canary@db.example.com:5433/yard?sslpassword=canary',
    'db.example.com:5433/yard',
  ],
  ['postgresql://me@localhost/yard?host=%2Frun%2Fpg', '/run/pg/yard'],
])('describes %s without its secrets', (url, words) => {
  expect(describeUrl(url)).toBe(words);
});

it.each([
  [
    'root:x:0:0::/root:/bin/sh\nnobody:x:65534:65534::/:/bin/false\npostgres:x:26:26::/:/bin/sh\n',
    26,
  ],
  [
    'root:x:0:0::/root:/bin/sh\nbin:x:1:1::/:/bin/false\nnobody:x:65534:65533::/:/bin/false\n',
    65_534,
  ],
  [
    'root:x:0:0::/root:/bin/sh\ntoor:x:0:0::/:/bin/sh\nbin:x:1:1::/:/bin/false\n',
    1,
  ],
  ['', 65_534],
])('runs the database as the least of the users of %j: %d', (passwd, uid) => {
  expect(pickUser(parsePasswd(passwd))).toMatchObject({ uid });
});

it("finds the worker's secret from where the command was typed", () => {
  expect(
    withWholePaths(
      ['--server', 'https://a.example.com', '--secret-file', 'secret'],
      '/home/ada',
    ),
  ).toEqual([
    '--server',
    'https://a.example.com',
    '--secret-file',
    '/home/ada/secret',
  ]);
  expect(withWholePaths(['--secret-file', '/etc/secret'], '/home/ada')).toEqual(
    ['--secret-file', '/etc/secret'],
  );
});
