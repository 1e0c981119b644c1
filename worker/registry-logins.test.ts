import { describe, expect, it } from 'vitest';
import {
  credentialFor,
  registryAuth,
  sessionCredential,
} from '@/worker/registry-logins';

const hub = { host: 'docker.io', username: 'me', password: 'for-the-hub' };
const own = {
  host: 'registry.example.com:5000',
  username: 'robot',
  password: 'ours',
};

describe('credentialFor', () => {
  it.each([
    ['docker.io', hub],
    ['registry-1.docker.io', hub],
    ['index.docker.io', hub],
    ['https://index.docker.io/v1/', hub],
    ['registry.example.com:5000', own],
    ['REGISTRY.example.com:5000', own],
    ['registry.example.com', undefined],
    ['registry.example.com:5001', undefined],
    ['evil-docker.io', undefined],
    ['', undefined],
  ])('gives %j only its own', (host, credential) => {
    expect(credentialFor([hub, own], host)).toBe(credential);
  });
});

describe('registryAuth', () => {
  it.each([
    [undefined, null],
    [
      own,
      {
        username: 'robot',
        password: 'ours',
        serveraddress: 'registry.example.com:5000',
      },
    ],
    [
      hub,
      {
        username: 'me',
        password: 'for-the-hub',
        serveraddress: 'https://index.docker.io/v1/',
      },
    ],
    [
      { ...own, method: 'identity_token' as const },
      {
        username: 'robot',
        identitytoken: 'ours',
        serveraddress: 'registry.example.com:5000',
      },
    ],
    [
      { ...own, method: 'registry_token' as const },
      {
        registrytoken: 'ours',
        serveraddress: 'registry.example.com:5000',
      },
    ],
  ])('%j', (credential, auth) => {
    expect(registryAuth(credential)).toEqual(auth);
  });
});

describe('sessionCredential', () => {
  it.each([
    [undefined, undefined],
    [own, { username: 'robot', password: 'ours' }],
    [
      { ...own, method: 'identity_token' as const },
      { username: '', password: 'ours' },
    ],
    [{ ...own, method: 'registry_token' as const }, undefined],
  ])('%j', (credential, answer) => {
    expect(sessionCredential(credential)).toEqual(answer);
  });
});
