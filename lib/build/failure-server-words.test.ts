import { describe, expect, it } from 'vitest';
import { classifyBuildFailure } from '@/lib/build/failure';

const EXIT = 'did not complete successfully: exit code: 2';

function verdictOf(printed: string) {
  const { code, message } = classifyBuildFailure({
    text: EXIT,
    step: { key: 's', name: 'RUN x', exitCode: 2 },
    lastLines: printed.trim().split('\n'),
  });
  return `${code}: ${message}`;
}

const pip = (trouble: string) => `
Looking in indexes: https://robot:word@pypi.acme.test/simple
WARNING: Retrying (Retry(total=0, connect=None, read=None, redirect=None, status=None)) after connection broken by '${trouble}': /simple/six/
ERROR: Could not find a version that satisfies the requirement six (from versions: none)
ERROR: No matching distribution found for six`;

describe('a server that a command needs', () => {
  it.each([
    [
      'uv',
      'index.example.org',
      `error: Failed to fetch: https://index.example.org/simple/flytekit/
  cause: error sending request for url (https://index.example.org/simple/flytekit/)
  cause: client error (Connect)
  cause: invalid peer certificate: UnknownIssuer`,
    ],
    [
      'an older uv',
      'localhost:8098',
      `  × Failed to fetch: \`https://localhost:8098/simple/six/\`
  ├─▶ error sending request for url (https://localhost:8098/simple/six/)
  ├─▶ client error (Connect)
  ╰─▶ invalid peer certificate: Other(OtherError(CaUsedAsEndEntity))
  help: Consider enabling use of system TLS certificates with the`,
    ],
    [
      'pip',
      'pypi.acme.test',
      `${pip("SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate (_ssl.c:1006)'))")}`,
    ],
    ['curl', 'a server', 'curl: (60) SSL certificate problem: self-signed'],
    [
      'wget',
      'files.acme.test',
      'ERROR: The certificate of ‘files.acme.test’ is not trusted.',
    ],
    [
      'git',
      'git.acme.test',
      "fatal: unable to access 'https://me:word@git.acme.test/x/': server certificate verification failed. CAfile: none CRLfile: none",
    ],
    [
      'apt',
      'deb.acme.test',
      `W: Failed to fetch https://deb.acme.test/debian/dists/bookworm/InRelease  Certificate verification failed: The certificate is NOT trusted. The certificate issuer is unknown.
W: Some index files failed to download. They have been ignored, or old ones used instead.
E: Unable to locate package git`,
    ],
    [
      'conda',
      'conda.example.org',
      'critical libmamba Download error (60) SSL peer certificate or SSH remote key was not OK [https://conda.example.org/conda-forge/noarch/repodata.json]',
    ],
  ])('that %s does not trust', (_tool, host, printed) => {
    expect(verdictOf(printed)).toBe(
      `BUILD_CERTIFICATE_UNTRUSTED: The build does not trust the certificate of ${host}.`,
    );
  });

  const UNKNOWN = 'its host name is not known there';
  const REFUSED = 'the connection is refused';
  it.each([
    [
      'uv',
      'nowhere.invalid',
      UNKNOWN,
      `error: Failed to fetch: \`https://me:word@nowhere.invalid/simple/six/\`
  Caused by: error sending request for url (https://nowhere.invalid/simple/six/)
  Caused by: client error (Connect)
  Caused by: dns error
  Caused by: failed to lookup address information: Name or service not known`,
    ],
    [
      'uv',
      '127.0.0.1:9',
      REFUSED,
      `error: Failed to fetch: \`http://127.0.0.1:9/simple/six/\`
  Caused by: client error (Connect)
  Caused by: tcp connect error
  Caused by: Connection refused (os error 111)`,
    ],
    [
      'pip',
      'pypi.acme.test',
      UNKNOWN,
      pip(
        'NewConnectionError(<pip._vendor.urllib3.connection.HTTPSConnection object at 0x7ff6>: Failed to establish a new connection: [Errno -2] Name or service not known)',
      ),
    ],
    [
      'pip',
      'pypi.acme.test',
      REFUSED,
      pip(
        'NewConnectionError(<x>: Failed to establish a new connection: [Errno 111] Connection refused)',
      ),
    ],
    [
      'curl',
      'nowhere.invalid',
      UNKNOWN,
      'curl: (6) Could not resolve host: nowhere.invalid',
    ],
    [
      'curl',
      '127.0.0.1',
      REFUSED,
      "curl: (7) Failed to connect to 127.0.0.1 port 9 after 0 ms: Couldn't connect to server",
    ],
    [
      'wget',
      'nowhere.invalid',
      UNKNOWN,
      'wget: unable to resolve host address ‘nowhere.invalid’',
    ],
    [
      'git',
      'nowhere.invalid',
      UNKNOWN,
      "fatal: unable to access 'https://nowhere.invalid/x/': Could not resolve host: nowhere.invalid",
    ],
    [
      'apt',
      'nowhere.invalid',
      UNKNOWN,
      `Err:1 http://nowhere.invalid/debian bookworm InRelease
  Could not resolve 'nowhere.invalid'
W: Failed to fetch http://nowhere.invalid/debian/dists/bookworm/InRelease  Could not resolve 'nowhere.invalid'
E: Unable to locate package git`,
    ],
    [
      'apt',
      '127.0.0.1:9',
      REFUSED,
      'W: Failed to fetch http://127.0.0.1:9/debian/dists/bookworm/InRelease  Could not connect to 127.0.0.1:9 (127.0.0.1). - connect (111: Connection refused)',
    ],
    [
      'conda',
      'conda.example.org',
      UNKNOWN,
      'critical libmamba Download error (6) Could not resolve hostname [https://conda.example.org/conda-forge/noarch/repodata.json]',
    ],
  ])('that %s cannot reach: %s', (_tool, host, reason, printed) => {
    expect(verdictOf(printed)).toBe(
      `BUILD_SERVER_UNREACHABLE: The build cannot reach ${host}: ${reason}.`,
    );
  });

  it.each([
    [
      'uv',
      'pypi.acme.test',
      `  × No solution found when resolving dependencies:
  ╰─▶ Because six was not found in the package registry and you require six,
      we can conclude that your requirements are unsatisfiable.

      hint: An index URL (https://pypi.acme.test/401) could not be queried due
      to a lack of valid authentication credentials (401 Unauthorized).`,
    ],
    [
      'uv, a file',
      'files.acme.test',
      '  Caused by: HTTP status client error (403 Forbidden) for url (https://files.acme.test/six.whl)',
    ],
    [
      'pip',
      'pypi.acme.test',
      `WARNING: 401 Error, Credentials not correct for https://pypi.acme.test/simple/six/
ERROR: No matching distribution found for six`,
    ],
    [
      'git',
      'github.com',
      "fatal: could not read Username for 'https://github.com': terminal prompts disabled",
    ],
    [
      'apt',
      'deb.acme.test',
      'E: Failed to fetch https://deb.acme.test/debian/dists/x/InRelease  401  Unauthorized [IP: 10.0.0.1 443]',
    ],
  ])('that refuses %s', (_tool, host, printed) => {
    expect(verdictOf(printed)).toBe(
      `BUILD_SERVER_DENIED: ${host} asks for a login that the build does not have, or refuses it.`,
    );
  });

  it('that answers with an error', () => {
    expect(
      verdictOf(
        'Caused by: HTTP status server error (500 Internal Server Error) for url (http://127.0.0.1:8099/500/six/)',
      ),
    ).toBe(
      'BUILD_SERVER_UNREACHABLE: 127.0.0.1:8099 answered with an error of its own.',
    );
  });

  it('is not blamed when a later try of pip found it', () => {
    expect(
      verdictOf(
        pip('ReadTimeoutError(Read timed out.)').replace(
          'from versions: none',
          'from versions: 1.0',
        ),
      ),
    ).toMatch(/^BUILD_PACKAGE_NOT_FOUND/);
  });
});
