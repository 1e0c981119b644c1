import { existsSync, readFileSync } from 'node:fs';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { run } from './command.js';

const BUNDLES = [
  process.env.SSL_CERT_FILE,
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/cert.pem',
];

/** The CA certificates that this machine trusts, one file of PEM; undefined when none is found. */
function machineCaBundle() {
  return BUNDLES.find((file) => file && existsSync(file));
}

const NEW_KEY = [
  '-newkey',
  'ec',
  '-pkeyopt',
  'ec_paramgen_curve:prime256v1',
  '-nodes',
];
const openssl = (...args) => run('openssl', args);

/**
 * Makes a certificate authority of this run's own and a certificate by it for
 * loopback and `address`. `bundle` holds the authority together with the machine's own.
 */
export async function makeCertificates(folder, address) {
  // Apart from the keys, because skopeo and the engine read a whole folder.
  await mkdir(path.join(folder, 'trust'), { recursive: true, mode: 0o700 });
  const file = (name) => path.join(folder, name);
  await openssl(
    'req',
    '-x509',
    ...NEW_KEY,
    '-days',
    '2',
    '-subj',
    '/CN=Imageyard test authority',
    '-addext',
    'basicConstraints=critical,CA:TRUE',
    '-keyout',
    file('ca.key'),
    '-out',
    file('trust/ca.crt'),
  );
  await sign(folder, {
    name: 'localhost',
    extensions: `subjectAltName=DNS:localhost,IP:127.0.0.1,IP:${address}\nextendedKeyUsage=serverAuth\n`,
    certificate: file('server.crt'),
    key: file('server.key'),
  });
  const machine = machineCaBundle();
  await writeFile(
    file('bundle.crt'),
    [
      machine ? readFileSync(machine, 'utf8') : '',
      readFileSync(file('trust/ca.crt'), 'utf8'),
    ].join('\n'),
  );
  return {
    caFile: file('trust/ca.crt'),
    bundleFile: file('bundle.crt'),
    machineCaFile: machine,
    certificateFile: file('server.crt'),
    keyFile: file('server.key'),
  };
}

/** Makes a client's certificate by the authority in `folder`: `ca.pem`, `cert.pem` and `key.pem` in a folder of its own. */
export async function makeClientCertificate(folder, client) {
  await mkdir(client, { recursive: true, mode: 0o700 });
  await copyFile(
    path.join(folder, 'trust/ca.crt'),
    path.join(client, 'ca.pem'),
  );
  await sign(folder, {
    name: 'Imageyard test client',
    extensions: 'extendedKeyUsage=clientAuth\n',
    certificate: path.join(client, 'cert.pem'),
    key: path.join(client, 'key.pem'),
  });
}

async function sign(folder, { name, extensions, certificate, key }) {
  const request = `${key}.csr`;
  const settings = `${key}.cnf`;
  await openssl(
    'req',
    ...NEW_KEY,
    '-subj',
    `/CN=${name}`,
    '-keyout',
    key,
    '-out',
    request,
  );
  await writeFile(settings, `basicConstraints=CA:FALSE\n${extensions}`);
  await openssl(
    'x509',
    '-req',
    '-days',
    '2',
    '-in',
    request,
    '-CA',
    path.join(folder, 'trust/ca.crt'),
    '-CAkey',
    path.join(folder, 'ca.key'),
    '-CAcreateserial',
    '-extfile',
    settings,
    '-out',
    certificate,
  );
}
