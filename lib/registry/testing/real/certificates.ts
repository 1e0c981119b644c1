import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execute } from './processes';

export type Certificates = {
  /** A folder with nothing but the authority, as skopeo wants it. */
  trustFolder: string;
  caPem: string;
  certificateFile: string;
  keyFile: string;
};

/** An authority and a certificate by it for `localhost`, RSA because the registry's tokens are signed with the key. */
export async function makeCertificates(folder: string): Promise<Certificates> {
  const trustFolder = path.join(folder, 'trust');
  await mkdir(trustFolder, { recursive: true });
  const file = (name: string) => path.join(folder, name);
  const authority = path.join(trustFolder, 'ca.crt');
  const key = ['-newkey', 'rsa:2048', '-nodes'];
  await execute('openssl', [
    ...['req', '-x509', ...key, '-days', '2', '-subj', '/CN=Imageyard test'],
    ...['-addext', 'basicConstraints=critical,CA:TRUE'],
    ...['-keyout', file('ca.key'), '-out', authority],
  ]);
  await execute('openssl', [
    ...['req', ...key, '-subj', '/CN=localhost'],
    ...['-keyout', file('server.key'), '-out', file('server.csr')],
  ]);
  await writeFile(
    file('server.cnf'),
    'subjectAltName=DNS:localhost\nbasicConstraints=CA:FALSE\n',
  );
  await execute('openssl', [
    ...['x509', '-req', '-days', '2', '-in', file('server.csr')],
    ...['-CA', authority, '-CAkey', file('ca.key'), '-CAcreateserial'],
    ...['-extfile', file('server.cnf'), '-out', file('server.crt')],
  ]);
  return {
    trustFolder,
    caPem: await readFile(authority, 'utf8'),
    certificateFile: file('server.crt'),
    keyFile: file('server.key'),
  };
}
