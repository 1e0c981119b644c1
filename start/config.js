import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { withEnvFile } from './env-file.js';
import { StartError } from './start-error.js';

export const CHECKOUT = fileURLToPath(new URL('..', import.meta.url)).replace(
  /\/$/,
  '',
);

/** What the environment asks for, checked. Throws one line naming the variable to mend. */
export function readConfig(env, { platform, home }) {
  const host = env.HOST || '127.0.0.1';
  const port = readPort(env.PORT || '3000');
  const localUrl = `http://${urlHost(loopbackFor(host))}:${port}`;
  return {
    host,
    port,
    localUrl,
    publicUrl: env.PUBLIC_URL ? readPublicUrl(env.PUBLIC_URL) : localUrl,
    dataFolder: env.IMAGEYARD_DATA
      ? path.resolve(env.IMAGEYARD_DATA)
      : defaultDataFolder(env, { platform, home }),
    databaseUrl: env.DATABASE_URL ? readDatabaseUrl(env.DATABASE_URL) : null,
  };
}

/** The process's environment, and below it what the checkout's `.env` says. */
export function loadEnv() {
  return withEnvFile(process.env, path.join(CHECKOUT, '.env'));
}

/** That environment and what it asks for. */
export function loadConfig() {
  const env = loadEnv();
  return { env, ...readConfig(env, { platform: process.platform, home }) };
}

function home() {
  try {
    return homedir();
  } catch {
    return '/';
  }
}

function readPort(text) {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65_535) {
    throw new StartError(
      `PORT must be a number from 1 to 65535, not "${text}".`,
    );
  }
  return port;
}

function readPublicUrl(text) {
  const url = URL.canParse(text) ? new URL(text) : null;
  const isOrigin =
    url !== null &&
    /^https?:$/.test(url.protocol) &&
    url.pathname === '/' &&
    !url.search &&
    !url.hash &&
    !url.username;
  if (!isOrigin) {
    throw new StartError(
      'PUBLIC_URL must be scheme, host and port only, such as https://imageyard.example.com',
    );
  }
  return url.origin;
}

// The value may hold a password, so no message repeats it.
function readDatabaseUrl(text) {
  if (!/^postgres(ql)?:\/\//.test(text) || !URL.canParse(text)) {
    throw new StartError(
      'DATABASE_URL must look like postgresql://user:password@host:5432/database',
    );
  }
  return text;
}

function defaultDataFolder(env, { platform, home }) {
  if (platform !== 'darwin' && path.isAbsolute(env.XDG_DATA_HOME ?? '')) {
    return path.join(env.XDG_DATA_HOME, 'imageyard');
  }
  const folder = home();
  if (!path.isAbsolute(folder) || folder === '/') {
    throw new StartError(
      'This user has no home folder. Set IMAGEYARD_DATA to the folder that shall hold the data.',
    );
  }
  return platform === 'darwin'
    ? path.join(folder, 'Library/Application Support/imageyard')
    : path.join(folder, '.local/share/imageyard');
}

/** The address on this machine under which a server listening on `host` answers. */
function loopbackFor(host) {
  if (host === '0.0.0.0') return '127.0.0.1';
  return host === '::' ? '::1' : host;
}

export function isLoopback(host) {
  return host === 'localhost' || host === '::1' || /^127(\.\d+){3}$/.test(host);
}

function urlHost(host) {
  return host.includes(':') ? `[${host}]` : host;
}
