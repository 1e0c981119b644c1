import { existsSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
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

/**
 * Makes a certificate authority of this run's own and a certificate by it for
 * loopback and `address`. `bundle` holds the authority together with the machine's own.
 */
export async function makeCertificates(folder, address) {
  // Apart from the keys, because skopeo and the engine read a whole folder.
  await mkdir(path.join(folder, 'trust'), { recursive: true, mode: 0o700 });
  const file = (name) => path.join(folder, name);
  const openssl = (...args) => run('openssl', args);
  const newKey = [
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
  ];
  await openssl(
    'req',
    '-x509',
    ...newKey,
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
  await openssl(
    'req',
    ...newKey,
    '-subj',
    '/CN=localhost',
    '-keyout',
    file('server.key'),
    '-out',
    file('server.csr'),
  );
  await writeFile(
    file('server.cnf'),
    `subjectAltName=DNS:localhost,IP:127.0.0.1,IP:${address}\nbasicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\n`,
  );
  await openssl(
    'x509',
    '-req',
    '-days',
    '2',
    '-in',
    file('server.csr'),
    '-CA',
    file('trust/ca.crt'),
    '-CAkey',
    file('ca.key'),
    '-CAcreateserial',
    '-extfile',
    file('server.cnf'),
    '-out',
    file('server.crt'),
  );
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
