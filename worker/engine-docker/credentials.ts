import type { JobCredential } from '@/lib/build/protocol';

const DOCKER_HUB = new Set([
  'docker.io',
  'index.docker.io',
  'registry-1.docker.io',
  'registry.hub.docker.com',
]);

/** The host as references write it, whatever an engine calls it: Docker Hub has five names, one of them a URL. */
export function normalHost(host: string): string {
  const bare = host
    .replace(/^https?:\/\//, '')
    .replace(/\/.*$/, '')
    .toLowerCase();
  return DOCKER_HUB.has(bare) ? 'docker.io' : bare;
}

/** The credential for exactly one registry; never another's. */
export function credentialFor(
  credentials: readonly JobCredential[],
  host: string,
): JobCredential | undefined {
  const wanted = normalHost(host);
  return credentials.find((each) => normalHost(each.host) === wanted);
}

/** What an engine takes in `X-Registry-Auth`; for Docker Hub the address must be its historical URL. */
export function registryAuth(credential: JobCredential | undefined) {
  if (!credential) return null;
  const host = normalHost(credential.host);
  return {
    username: credential.username,
    password: credential.password,
    serveraddress: host === 'docker.io' ? 'https://index.docker.io/v1/' : host,
  };
}
