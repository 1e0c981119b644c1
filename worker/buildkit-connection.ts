import { readFileSync } from 'node:fs';
import path from 'node:path';

export type BuildKitConnection = {
  /** As people write it: `unix:///run/buildkit/buildkitd.sock`. */
  address: string;
  /** For mutual TLS; `null` on a socket and on loopback. */
  tls: { ca: Buffer; cert: Buffer; key: Buffer } | null;
};

type Variables = {
  BUILDKIT_HOST?: string | undefined;
  BUILDKIT_CERT_PATH?: string | undefined;
};

const DEFAULT_ADDRESS = 'unix:///run/buildkit/buildkitd.sock';
const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/**
 * How to reach a BuildKit daemon: BUILDKIT_HOST (`unix://` or `tcp://`), with the certificates of BUILDKIT_CERT_PATH.
 * Without them tcp goes to this machine only: whoever reaches a daemon runs commands there. Throws an Error with one
 * line naming the variable to mend.
 */
export function buildKitConnection(env: Variables): BuildKitConnection {
  const address = env.BUILDKIT_HOST || DEFAULT_ADDRESS;
  if (/^unix:\/\/\/./.test(address)) return { address, tls: null };
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url?.protocol !== 'tcp:' || url.port === '') {
    throw new Error(
      'BUILDKIT_HOST must be unix:///… or tcp://host:port, such as unix:///run/buildkit/buildkitd.sock.',
    );
  }
  const tls = certificates(env.BUILDKIT_CERT_PATH);
  if (tls === null && !LOOPBACK.test(url.hostname)) {
    throw new Error(
      'BUILDKIT_HOST names another machine, so BUILDKIT_CERT_PATH must name a folder with ca.pem, cert.pem and key.pem.',
    );
  }
  return { address, tls };
}

function certificates(folder: string | undefined) {
  if (!folder) return null;
  try {
    const read = (name: string) => readFileSync(path.join(folder, name));
    return { ca: read('ca.pem'), cert: read('cert.pem'), key: read('key.pem') };
  } catch (error) {
    throw new Error(
      'BUILDKIT_CERT_PATH must name a folder with ca.pem, cert.pem and key.pem that this user can read.',
      { cause: error },
    );
  }
}
