import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Certificates, makeCertificates } from './certificates';
import { execute, freePort, serve } from './processes';
import { startTokenServer } from './token-server';

export const LOGIN = { username: 'robot', password: 'canary-real-70c1' };

export type RealRegistry = { host: string; url: string };

export type RealRegistries = {
  /** No login, plain http: what seeds them all, for they share one storage. */
  open: RealRegistry;
  /** The same by nginx: TLS, and gzip for whoever accepts it. */
  front: RealRegistry;
  /** htpasswd for everything, behind TLS. */
  password: RealRegistry;
  /** Tokens, behind TLS: `public/*` may be pulled by anyone, all else by `LOGIN`. */
  token: RealRegistry;
  /** Always 502: nginx in front of nothing. */
  down: RealRegistry;
  certificates: Certificates;
  close: () => Promise<void>;
};

const SERVICE = 'imageyard-test';

/** Debian's `docker-registry` in its three ways of asking for a login, a token server, and nginx in front. */
export async function startRealRegistries(): Promise<RealRegistries> {
  const folder = await mkdtemp(path.join(tmpdir(), 'imageyard-registries-'));
  const stops: (() => Promise<void>)[] = [];
  const close = async () => {
    await Promise.all(stops.splice(0).map((stop) => stop()));
    await rm(folder, { recursive: true, force: true });
  };
  try {
    return { ...(await start(folder, stops)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function start(
  folder: string,
  stops: (() => Promise<void>)[],
): Promise<Omit<RealRegistries, 'close'>> {
  const certificates = await makeCertificates(path.join(folder, 'tls'));
  const users = path.join(folder, 'htpasswd');
  const { stdout } = await execute('htpasswd', [
    '-nbB',
    LOGIN.username,
    LOGIN.password,
  ]);
  await writeFile(users, stdout);
  const tokens = await startTokenServer({
    ...certificates,
    service: SERVICE,
    issuer: SERVICE,
    users: { [LOGIN.username]: LOGIN.password },
    may: (user, repository, action) =>
      user !== null || (action === 'pull' && repository.startsWith('public/')),
  });
  stops.push(tokens.close);
  const ports = {
    front: await freePort(),
    password: await freePort(),
    token: await freePort(),
    down: await freePort(),
  };
  const token = {
    realm: `https://localhost:${String(ports.token)}/token`,
    service: SERVICE,
    issuer: SERVICE,
    rootcertbundle: certificates.certificateFile,
  };
  const open = await registry(folder, 'open', undefined, stops);
  const [secured, withTokens] = await Promise.all([
    registry(
      folder,
      'password',
      { htpasswd: { realm: 'imageyard-test', path: users } },
      stops,
    ),
    registry(folder, 'token', { token }, stops),
  ]);
  await nginx(folder, certificates, stops, [
    site(ports.front, [location('/', open)]),
    site(ports.password, [location('/', secured)]),
    site(ports.token, [
      location('/', withTokens),
      location('/token', tokens.port),
    ]),
    site(ports.down, [location('/', await freePort())]),
  ]);
  const behind = (port: number): RealRegistry => ({
    host: `localhost:${String(port)}`,
    url: `https://localhost:${String(port)}`,
  });
  return {
    open: {
      host: `localhost:${String(open)}`,
      url: `http://localhost:${String(open)}`,
    },
    front: behind(ports.front),
    password: behind(ports.password),
    token: behind(ports.token),
    down: behind(ports.down),
    certificates,
  };
}

async function registry(
  folder: string,
  name: string,
  auth: object | undefined,
  stops: (() => Promise<void>)[],
): Promise<number> {
  const port = await freePort();
  const config = path.join(folder, `${name}.yml`);
  // JSON is YAML.
  await writeFile(
    config,
    JSON.stringify({
      version: 0.1,
      log: { level: 'error', accesslog: { disabled: true } },
      storage: {
        filesystem: { rootdirectory: path.join(folder, 'storage') },
        delete: { enabled: true },
        maintenance: { uploadpurging: { enabled: false } },
      },
      http: { addr: `127.0.0.1:${String(port)}`, secret: 'one for all' },
      ...(auth ? { auth } : {}),
    }),
  );
  stops.push(
    await serve(
      'docker-registry',
      ['serve', config],
      `http://127.0.0.1:${String(port)}`,
    ),
  );
  return port;
}

const location = (where: string, port: number) =>
  `location ${where} { proxy_pass http://127.0.0.1:${String(port)}; proxy_set_header Host $http_host; proxy_set_header X-Forwarded-Proto https; }`;

const site = (port: number, locations: string[]) =>
  `server { listen 127.0.0.1:${String(port)} ssl; server_name localhost; client_max_body_size 0; ${locations.join(' ')} }`;

async function nginx(
  folder: string,
  { certificateFile, keyFile }: Certificates,
  stops: (() => Promise<void>)[],
  sites: string[],
): Promise<void> {
  const own = path.join(folder, 'nginx');
  await mkdir(own);
  const file = path.join(own, 'nginx.conf');
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${own}/${name};`)
    .join(' ');
  await writeFile(
    file,
    `daemon off; worker_processes 1; pid ${own}/pid; error_log stderr crit;
events {}
http {
  access_log off; ${temporary}
  ssl_certificate ${certificateFile}; ssl_certificate_key ${keyFile};
  gzip on; gzip_min_length 1; gzip_types *; gzip_proxied any;
  ${sites.join('\n  ')}
}
`,
  );
  const port = /listen 127\.0\.0\.1:(\d+)/.exec(sites[0] ?? '')?.[1] ?? '';
  stops.push(
    await serve(
      'nginx',
      ['-c', file, '-p', own, '-e', 'stderr'],
      `https://127.0.0.1:${port}`,
    ),
  );
}
