import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import path from 'node:path';

const TIMEOUT_MS = 3_000;

/** The addresses an engine may have: DOCKER_HOST alone when it is set, else the usual sockets of Docker and Podman. */
export function engineAddresses(env) {
  if (env.DOCKER_HOST) return [env.DOCKER_HOST];
  const { XDG_RUNTIME_DIR: runtime } = env;
  const docker = [
    '/var/run/docker.sock',
    runtime && path.join(runtime, 'docker.sock'),
    env.HOME && path.join(env.HOME, '.docker/run/docker.sock'),
  ];
  const podman = [
    '/run/podman/podman.sock',
    runtime && path.join(runtime, 'podman/podman.sock'),
  ];
  return [...(env.BUILD_ENGINE === 'podman' ? [] : docker), ...podman]
    .filter(Boolean)
    .map((socket) => `unix://${socket}`);
}

/** Looks for a container engine: `ready` with its address, `forbidden` with the socket, or `none`. */
export async function findEngine(env) {
  let forbidden = null;
  for (const address of engineAddresses(env)) {
    const problem = await ping(address, env);
    if (problem === null) return { state: 'ready', address };
    if (problem === 'EACCES') forbidden ??= address;
  }
  return forbidden
    ? { state: 'forbidden', address: forbidden }
    : { state: 'none' };
}

// Resolves to null, or to why the engine did not answer.
function ping(address, env) {
  const target = pingTarget(address, env);
  if (!target) return Promise.resolve('unknown address');
  return new Promise((resolve) => {
    const { client, ...options } = target;
    const request = client.get(
      { ...options, path: '/_ping', timeout: TIMEOUT_MS, agent: false },
      (response) => {
        response.resume();
        resolve(
          response.statusCode === 200 ? null : `status ${response.statusCode}`,
        );
      },
    );
    request.on('timeout', () => request.destroy(new Error('timeout')));
    request.on('error', (error) => resolve(error.code ?? error.message));
  });
}

function pingTarget(address, env) {
  if (address.startsWith('unix://')) {
    return { client: http, socketPath: address.slice('unix://'.length) };
  }
  if (!/^(tcp|https?):\/\//.test(address) || !URL.canParse(address))
    return null;
  const { hostname, port, protocol } = new URL(address);
  const isTls = protocol === 'https:' || Boolean(env.DOCKER_TLS_VERIFY);
  const host = hostname.replace(/^\[|\]$/g, '');
  if (!isTls) return { client: http, host, port: port || 2375 };
  return { client: https, host, port: port || 2376, ...clientCertificate(env) };
}

function clientCertificate(env) {
  if (!env.DOCKER_CERT_PATH) return {};
  const read = (name) => {
    try {
      return readFileSync(path.join(env.DOCKER_CERT_PATH, name));
    } catch {
      return undefined;
    }
  };
  return { ca: read('ca.pem'), cert: read('cert.pem'), key: read('key.pem') };
}
