import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type Docker from 'dockerode';
import type { WantedEngine } from '@/worker/engine-docker/probe';

export type DockerConnection = {
  options: Docker.DockerOptions;
  /** As people write it: `unix:///var/run/docker.sock`. */
  address: string;
};

type Variables = {
  DOCKER_HOST?: string | undefined;
  DOCKER_TLS_VERIFY?: string | undefined;
  DOCKER_CERT_PATH?: string | undefined;
  XDG_RUNTIME_DIR?: string | undefined;
  HOME?: string | undefined;
};

const DEFAULT_SOCKET = '/var/run/docker.sock';
const PODMAN_SOCKET = '/run/podman/podman.sock';

/**
 * How to reach the engine: DOCKER_HOST (`unix://` or `tcp://`, TLS as Docker's own client has it), else the first usual
 * socket that is there: of Docker, then of Podman, unless it is Podman that is wanted. Throws an Error with one line naming the variable to mend.
 */
export function dockerConnection(
  env: Variables,
  wanted: WantedEngine = 'auto',
): DockerConnection {
  const address = env.DOCKER_HOST || `unix://${usualSocket(env, wanted)}`;
  if (address.startsWith('unix://')) {
    // `host` is written out because dockerode otherwise takes it from DOCKER_HOST by itself.
    return {
      address,
      options: {
        host: undefined,
        socketPath: address.slice('unix://'.length) || DEFAULT_SOCKET,
      },
    };
  }
  if (!/^(?:tcp|https?):\/\//.test(address) || !URL.canParse(address)) {
    throw new Error(
      'DOCKER_HOST must begin with unix:// or tcp://; an engine behind ssh:// is not supported.',
    );
  }
  const { hostname, port, protocol } = new URL(address);
  const isTls = protocol === 'https:' || Boolean(env.DOCKER_TLS_VERIFY);
  const host = hostname.replace(/^\[|\]$/g, '');
  return {
    address,
    options: isTls
      ? { protocol: 'https', host, port: port || '2376', ...certificates(env) }
      : { protocol: 'http', host, port: port || '2375' },
  };
}

function usualSocket(
  { XDG_RUNTIME_DIR, HOME }: Variables,
  wanted: WantedEngine,
): string {
  const docker = [
    DEFAULT_SOCKET,
    ...(XDG_RUNTIME_DIR ? [path.join(XDG_RUNTIME_DIR, 'docker.sock')] : []),
    ...(HOME ? [path.join(HOME, '.docker/run/docker.sock')] : []),
  ];
  const podman = [
    PODMAN_SOCKET,
    ...(XDG_RUNTIME_DIR
      ? [path.join(XDG_RUNTIME_DIR, 'podman/podman.sock')]
      : []),
  ];
  const sockets = wanted === 'podman' ? podman : [...docker, ...podman];
  return (
    sockets.find((socket) => existsSync(socket)) ?? sockets[0] ?? DEFAULT_SOCKET
  );
}

function certificates({ DOCKER_CERT_PATH }: Variables) {
  if (!DOCKER_CERT_PATH) return {};
  try {
    const [ca, cert, key] = ['ca.pem', 'cert.pem', 'key.pem'].map((name) =>
      readFileSync(path.join(DOCKER_CERT_PATH, name)),
    );
    return { ca, cert, key };
  } catch (error) {
    throw new Error(
      'DOCKER_CERT_PATH must name a folder with ca.pem, cert.pem and key.pem that this user can read.',
      { cause: error },
    );
  }
}
