import { expect, it } from 'vitest';
import { isLoopback, readConfig } from './config.js';

const linux = { platform: 'linux', home: () => '/home/ada' };
const read = (env: Record<string, string>, system = linux) =>
  readConfig(env, system);

it('serves on the loopback and keeps its data in the home folder when nothing is set', () => {
  expect(read({})).toEqual({
    host: '127.0.0.1',
    port: 3000,
    localUrl: 'http://127.0.0.1:3000',
    publicUrl: 'http://127.0.0.1:3000',
    dataFolder: '/home/ada/.local/share/imageyard',
    databaseUrl: null,
  });
});

it.each([
  [
    'IMAGEYARD_DATA',
    { IMAGEYARD_DATA: '/srv/yard/', XDG_DATA_HOME: '/xdg' },
    'linux',
    '/srv/yard',
  ],
  ['XDG_DATA_HOME', { XDG_DATA_HOME: '/xdg' }, 'linux', '/xdg/imageyard'],
  [
    'a relative XDG_DATA_HOME, which its standard says to ignore',
    { XDG_DATA_HOME: 'x' },
    'linux',
    '/home/ada/.local/share/imageyard',
  ],
  ['macOS', {}, 'darwin', '/home/ada/Library/Application Support/imageyard'],
])('finds the data folder: %s', (_, env, platform, folder) => {
  expect(
    read(env as Record<string, string>, { ...linux, platform }).dataFolder,
  ).toBe(folder);
});

it.each([
  ['0.0.0.0', 'http://127.0.0.1:3000'],
  ['::', 'http://[::1]:3000'],
  ['::1', 'http://[::1]:3000'],
  ['192.0.2.7', 'http://192.0.2.7:3000'],
])('reaches a server listening on %s at %s', (host, url) => {
  expect(read({ HOST: host }).localUrl).toBe(url);
});

it('takes a public address and drops its last slash', () => {
  expect(read({ PUBLIC_URL: 'https://yard.example.com/' }).publicUrl).toBe(
    'https://yard.example.com',
  );
});

it.each([
  ['PORT', { PORT: '0' }],
  ['PORT', { PORT: '65536' }],
  ['PORT', { PORT: '3000x' }],
  ['PUBLIC_URL', { PUBLIC_URL: 'yard.example.com' }],
  ['PUBLIC_URL', { PUBLIC_URL: 'https://yard.example.com/app' }],
  ['PUBLIC_URL', { PUBLIC_URL: 'ftp://yard.example.com' }],
  ['DATABASE_URL', { DATABASE_URL: 'mysql://yard:canary@example.com/yard' }],
  ['DATABASE_URL', { DATABASE_URL: 'postgres://yard:canary@exa mple/yard' }],
])(
  'names the variable to mend, and never a password: %s in %j',
  (name, env) => {
    expect(() => read(env as Record<string, string>)).toThrow(name);
    expect(() => read(env as Record<string, string>)).not.toThrow('canary');
  },
);

it('asks for IMAGEYARD_DATA when the user has no home folder', () => {
  expect(() => read({}, { ...linux, home: () => '/' })).toThrow(
    'Set IMAGEYARD_DATA',
  );
});

it.each([
  ['127.0.0.1', true],
  ['127.8.9.1', true],
  ['::1', true],
  ['localhost', true],
  ['192.0.2.7', false],
  ['127.example.com', false],
])('says of %s whether it is the loopback: %s', (host, expected) => {
  expect(isLoopback(host)).toBe(expected);
});
