import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { startServer } from './background.js';
import { run, waitFor } from './command.js';
import { freePort } from './free-port.js';

/**
 * Starts three real registries, each with a storage folder of its own: `tls`
 * (open), `plain` (the same without TLS) and `password` (TLS, htpasswd).
 *
 * `plain` listens on loopback, where an engine accepts http. The other two listen
 * on `address`: on loopback BuildKit would speak http to them.
 */
export async function startRegistries(testRun, certificates, address) {
  const tls = {
    certificate: certificates.certificateFile,
    key: certificates.keyFile,
  };
  const username = 'robot';
  const password = randomBytes(18).toString('base64url');
  const users = path.join(testRun.folder, 'htpasswd');
  await writeFile(
    users,
    await run('htpasswd', ['-niB', username], { input: password }),
    { mode: 0o600 },
  );
  const [open, plain, secured] = await Promise.all([
    start(testRun, 'tls', { address, tls }, certificates),
    start(testRun, 'plain', { address: '127.0.0.1' }, certificates),
    start(
      testRun,
      'password',
      {
        address,
        tls,
        auth: { htpasswd: { realm: 'imageyard-test', path: users } },
      },
      certificates,
    ),
  ]);
  const authFile = path.join(testRun.folder, 'registry-auth.json');
  const auth = Buffer.from(`${username}:${password}`).toString('base64');
  await writeFile(
    authFile,
    JSON.stringify({ auths: { [secured.host]: { auth } } }),
    {
      mode: 0o600,
    },
  );
  return {
    tls: open,
    plain,
    password: { ...secured, username, password, authFile },
  };
}

/** Copies an image from an OCI layout to a registry under `name:tag`; the digest stays the same. */
export async function pushLayout(
  { layout, name, tag },
  registry,
  certificates,
) {
  await run('skopeo', [
    'copy',
    '--insecure-policy',
    '--preserve-digests',
    ...(registry.url.startsWith('https:')
      ? ['--dest-cert-dir', path.dirname(certificates.caFile)]
      : ['--dest-tls-verify=false']),
    ...(registry.authFile ? ['--dest-authfile', registry.authFile] : []),
    `oci:${layout}:latest`,
    `docker://${registry.host}/${name}:${tag}`,
  ]);
}

async function start(testRun, name, { address, tls, auth }, { caFile }) {
  const port = await freePort(address);
  const storageFolder = path.join(testRun.folder, `registry-${name}`);
  const config = path.join(testRun.folder, `registry-${name}.yml`);
  await writeFile(
    config,
    // JSON is YAML, so no YAML library is needed before the install has run.
    JSON.stringify({
      version: 0.1,
      log: { level: 'warn', accesslog: { disabled: true } },
      storage: {
        filesystem: { rootdirectory: storageFolder },
        delete: { enabled: true },
        maintenance: { uploadpurging: { enabled: false } },
      },
      http: {
        addr: `${address}:${port}`,
        secret: randomBytes(16).toString('hex'),
        headers: { 'X-Content-Type-Options': ['nosniff'] },
        ...(tls ? { tls } : {}),
      },
      ...(auth ? { auth } : {}),
    }),
    { mode: 0o600 },
  );
  const server = startServer(testRun, `registry-${name}`, 'docker-registry', [
    'serve',
    config,
  ]);
  const url = `${tls ? 'https' : 'http'}://${address}:${port}`;
  await waitFor(
    `The ${name} registry's first answer`,
    () => {
      server.assertRunning();
      return answers(`${url}/v2/`, caFile);
    },
    20_000,
  );
  return { host: `${address}:${port}`, url, storageFolder };
}

function answers(url, caFile) {
  return new Promise((resolve) => {
    const options = url.startsWith('https:')
      ? { ca: readFileSync(caFile) }
      : {};
    const request = (url.startsWith('https:') ? https : http).get(
      url,
      options,
      (response) => {
        response.resume();
        resolve([200, 401].includes(response.statusCode));
      },
    );
    request.on('error', () => resolve(false));
  });
}
