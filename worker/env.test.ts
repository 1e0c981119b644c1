import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { rootCertificates } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workerEnv } from '@/worker/env';

const SECRET = 'a-secret-of-32-characters-or-so_';
let dir: string;
let file: string;

beforeAll(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'imageyard-env-'));
  file = path.join(dir, 'secret');
  writeFileSync(file, `${SECRET}\n`);
});
afterAll(() => rmSync(dir, { recursive: true }));

const read = (args: string[], env: Record<string, string> = {}) =>
  workerEnv(args, env);
const args = (server = 'https://images.example.com') => [
  '--server',
  server,
  '--secret-file',
  file,
];

describe('workerEnv', () => {
  it('reads the command line', () => {
    const env = read(args());
    expect(env).toMatchObject({
      server: 'https://images.example.com',
      identity: { secret: SECRET, isOfFolder: false },
      dir: `${file}.spool`,
      caBundle: null,
      engine: { kind: 'api', wanted: 'auto' },
    });
  });

  it('reads the environment, which the command line overrides', () => {
    const env = read(['--server', 'https://images.example.com'], {
      IMAGEYARD_SERVER: 'https://other.example.com',
      IMAGEYARD_SECRET_FILE: file,
      IMAGEYARD_WORKER_DIR: '/var/lib/imageyard-worker',
      DOCKER_HOST: 'tcp://docker.example.com:2375',
    });
    expect(env).toMatchObject({
      server: 'https://images.example.com',
      dir: '/var/lib/imageyard-worker',
      engine: { connection: { address: 'tcp://docker.example.com:2375' } },
    });
  });

  it.each([
    'http://127.0.0.1:3000',
    'http://localhost:3000',
    'http://[::1]:3000',
    'https://192.0.2.1',
  ])('speaks to %s', (server) => {
    expect(read(args(server)).server).toBe(server);
  });

  it.each([
    ['http://images.example.com', 'must be https://'],
    ['http://192.168.1.5:3000', 'must be https://'],
    ['http://localhost.example.com', 'must be https://'],
    ['http://127.0.0.1.example.com', 'must be https://'],
    ['ftp://127.0.0.1', 'must be the address'],
    ['images.example.com', 'must be the address'],
  ])('refuses %s in one line', (server, words) => {
    expect(() => read(args(server))).toThrow(words);
    expect(() => read(args(server))).toThrow(/^--server [^\n]+$/);
  });

  it('says everything that is missing at once', () => {
    expect(() => read([], { IMAGEYARD_WORKER_DIR: dir })).toThrow(
      /^--server .+\n--code .+$/,
    );
  });

  describe('with a folder of its own', () => {
    const server = 'https://images.example.com';
    const kept = (name: string | null) => {
      const folder = mkdtempSync(path.join(dir, 'worker-'));
      writeFileSync(
        path.join(folder, 'worker.json'),
        JSON.stringify({ server, secret: SECRET, name }),
      );
      return { IMAGEYARD_WORKER_DIR: folder };
    };

    it('takes a code the first time', () => {
      const env = { IMAGEYARD_WORKER_DIR: path.join(dir, 'new') };
      expect(
        read(['--server', server, '--code', 'one-time'], env),
      ).toMatchObject({ server, identity: { code: 'one-time' } });
      expect(
        read([], {
          ...env,
          IMAGEYARD_SERVER: server,
          IMAGEYARD_WORKER_CODE: 'one-time',
        }),
      ).toMatchObject({ server, identity: { code: 'one-time' } });
    });

    it('needs nothing once it is connected, and no code any more', () => {
      const expected = {
        server,
        identity: { secret: SECRET, isOfFolder: true },
      };
      expect(read([], kept('builder'))).toMatchObject(expected);
      expect(
        read(['--server', server, '--code', 'used'], kept('builder')),
      ).toMatchObject(expected);
    });

    it('asks again with its code when nobody knows whether it was taken', () => {
      expect(
        read(['--server', server, '--code', 'one-time'], kept(null)),
      ).toMatchObject({ identity: { code: 'one-time' } });
    });

    it('belongs to one server', () => {
      expect(() =>
        read(['--server', 'https://other.example.com'], kept('builder')),
      ).toThrow(`this worker belongs to ${server}`);
    });

    it('says which file is damaged, and not what is in it', () => {
      const env = kept('builder');
      const file = path.join(env.IMAGEYARD_WORKER_DIR, 'worker.json');
      writeFileSync(file, `{"secret":"${SECRET}"`);
      expect(() => read([], env)).toThrow(`${file} is damaged`);
      expect(() => read([], env)).not.toThrow(SECRET);
    });
  });

  it('takes a BuildKit daemon when it is asked for', () => {
    const env = { BUILD_ENGINE: 'buildkit', DOCKER_HOST: 'unix:///d.sock' };
    const address = 'unix:///run/buildkit/own.sock';
    expect(read(args(), { ...env, BUILDKIT_HOST: address }).engine).toEqual({
      kind: 'buildkit',
      daemon: { address, tls: null },
    });
    expect(() =>
      read(args(), { ...env, BUILDKIT_HOST: 'tcp://builder.example.com:1234' }),
    ).toThrow('BUILDKIT_CERT_PATH');
  });

  it('takes the test engine only where it is allowed', () => {
    expect(() => read(args(), { BUILD_ENGINE: 'fake' })).toThrow(
      'tests and `npm run dev` only',
    );
    const env = read(args(), {
      BUILD_ENGINE: 'fake',
      IMAGEYARD_ALLOW_TEST_ENGINE: '1',
    });
    expect(env.engine).toEqual({ kind: 'fake' });
    expect(() => read(args(), { BUILD_ENGINE: 'other' })).toThrow(
      'BUILD_ENGINE must be one of auto, docker, docker-classic, podman, buildkit',
    );
  });

  it.each([
    ['is not there', 'nowhere', 'cannot be read'],
    ['is empty', 'empty', 'holds no worker secret'],
    ['is something else', 'other', 'holds no worker secret'],
  ])(
    'says that a secret file %s, and never what is in it',
    (_name, name, words) => {
      writeFileSync(path.join(dir, 'empty'), '');
      writeFileSync(
        path.join(dir, 'other'),
        'not a secret of a worker, but private',
      );
      const secretFile = path.join(dir, name);
      const run = () =>
        read([
          '--server',
          'https://a.example.com',
          '--secret-file',
          secretFile,
        ]);
      expect(run).toThrow(words);
      expect(run).not.toThrow(/private/);
    },
  );

  it('adds the certificates of a file to those of Node', () => {
    const [first = '', second = ''] = rootCertificates;
    const extra = second.replace(/\n\w{4}/, '\nAAAA');
    const ca = path.join(dir, 'ca.pem');
    writeFileSync(ca, `a comment\n${extra}\n\n${first}\n`);
    const bundle =
      read(args(), { IMAGEYARD_BUILD_CA: ca }).caBundle?.toString() ?? '';
    expect(bundle.includes(extra)).toBe(true);
    expect(bundle.split('BEGIN CERTIFICATE').length - 1).toBe(
      rootCertificates.length + 1,
    );
  });

  it('refuses a file without certificates', () => {
    expect(() => read(args(), { IMAGEYARD_BUILD_CA: file })).toThrow(
      'holds no PEM certificate',
    );
    expect(() => read(args(), { IMAGEYARD_BUILD_CA: dir })).toThrow(
      'cannot be read',
    );
  });

  it.each([
    [
      'unix:///run/user/1/docker.sock',
      { socketPath: '/run/user/1/docker.sock', host: undefined },
    ],
    [
      'tcp://docker.example.com',
      { protocol: 'http', host: 'docker.example.com', port: '2375' },
    ],
    ['tcp://[::1]:99', { protocol: 'http', host: '::1', port: '99' }],
    ['https://docker.example.com', { protocol: 'https', port: '2376' }],
  ])('reaches the engine at %s', (address, options) => {
    const { engine } = read(args(), { DOCKER_HOST: address });
    expect(engine).toMatchObject({ connection: { address, options } });
  });

  it('speaks TLS to an engine where Docker’s own client would', () => {
    const { engine } = read(args(), {
      DOCKER_HOST: 'tcp://d.example.com:1',
      DOCKER_TLS_VERIFY: '1',
    });
    expect(engine).toMatchObject({
      connection: { options: { protocol: 'https', port: '1' } },
    });
    expect(() =>
      read(args(), {
        DOCKER_HOST: 'tcp://d.example.com:1',
        DOCKER_TLS_VERIFY: '1',
        DOCKER_CERT_PATH: dir,
      }),
    ).toThrow('DOCKER_CERT_PATH');
  });

  it('refuses an engine behind ssh', () => {
    expect(() =>
      read(args(), { DOCKER_HOST: 'ssh://me@d.example.com' }),
    ).toThrow('DOCKER_HOST');
  });
});
