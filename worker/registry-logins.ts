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

/** `X-Registry-Auth`, decoded. */
export type RegistryAuth = {
  username?: string;
  password?: string;
  identitytoken?: string;
  registrytoken?: string;
  serveraddress: string;
};

/** What an engine takes in `X-Registry-Auth`; for Docker Hub the address must be its historical URL. */
export function registryAuth(
  credential: JobCredential | undefined,
): RegistryAuth | null {
  if (!credential) return null;
  const host = normalHost(credential.host);
  const { method = 'password', username, password } = credential;
  const serveraddress =
    host === 'docker.io' ? 'https://index.docker.io/v1/' : host;
  switch (method) {
    case 'password':
      return { username, password, serveraddress };
    case 'identity_token':
      return { username, identitytoken: password, serveraddress };
    case 'registry_token':
      return { registrytoken: password, serveraddress };
  }
}

/** What a BuildKit session answers: a secret without a user name is a refresh token; bearer tokens it does not know. */
export function sessionCredential(
  credential: JobCredential | undefined,
): { username: string; password: string } | undefined {
  if (!credential || credential.method === 'registry_token') return undefined;
  const { method, username, password } = credential;
  return { username: method === 'identity_token' ? '' : username, password };
}
