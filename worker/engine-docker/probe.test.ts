import { describe, expect, it } from 'vitest';
import { chooseEngine } from './probe';

const docker = (ApiVersion: string, Os = 'linux') => ({
  Version: '20.10.24',
  ApiVersion,
  Os,
  Arch: 'amd64',
  Components: [{ Name: 'Engine' }, { Name: 'containerd' }],
});
const podman = {
  ...docker('1.41'),
  Version: '4.3.1',
  Components: [{ Name: 'Podman Engine' }, { Name: 'Conmon' }],
};

describe('chooseEngine', () => {
  it.each([
    [docker('1.41'), 'auto', 'docker'],
    [docker('1.40'), 'docker', 'docker'],
    [docker('1.39'), 'auto', 'docker-classic'],
    [docker('2.0'), 'auto', 'docker'],
    [docker('1.41'), 'docker-classic', 'docker-classic'],
    [podman, 'auto', 'podman'],
    [podman, 'podman', 'podman'],
  ] as const)('%j, %s: %s', (version, wanted, kind) => {
    expect(chooseEngine({ ...version }, wanted)).toEqual({ kind });
  });

  it.each([
    [docker('1.39'), 'docker', /19\.03 .*BUILD_ENGINE=docker-classic/],
    [docker('1.41'), 'podman', /Docker 20.10.24 answers there/],
    [podman, 'docker', /Podman answers there/],
    [podman, 'docker-classic', /Podman answers there/],
    [docker('1.41', 'windows'), 'auto', /windows/],
  ] as const)('%j, %s: none', (version, wanted, reason) => {
    expect(chooseEngine({ ...version }, wanted)).toEqual({
      reason: expect.stringMatching(reason) as unknown,
    });
  });
});
