import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { buildKitConnection } from '@/worker/buildkit-connection';

const folder = mkdtempSync(path.join(tmpdir(), 'imageyard-certificates-'));
for (const name of ['ca', 'cert', 'key'])
  writeFileSync(path.join(folder, `${name}.pem`), name);
afterAll(() => rmSync(folder, { recursive: true }));

const problem = (env: Parameters<typeof buildKitConnection>[0]) => {
  try {
    buildKitConnection(env);
    return '';
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
};

describe('buildKitConnection', () => {
  it('takes the usual socket, or the one that is named', () => {
    expect(buildKitConnection({})).toEqual({
      address: 'unix:///run/buildkit/buildkitd.sock',
      tls: null,
    });
    const address = 'unix:///run/user/1000/buildkit/buildkitd.sock';
    expect(buildKitConnection({ BUILDKIT_HOST: address })).toEqual({
      address,
      tls: null,
    });
  });

  it('reads the three files of mutual TLS', () => {
    const { tls } = buildKitConnection({
      BUILDKIT_HOST: 'tcp://builder.example.com:1234',
      BUILDKIT_CERT_PATH: folder,
    });
    expect(Object.values(tls ?? {}).map(String)).toEqual(['ca', 'cert', 'key']);
  });

  it('goes without TLS to this machine only', () => {
    for (const host of ['127.0.0.1', 'localhost', '[::1]']) {
      const address = `tcp://${host}:1234`;
      expect(buildKitConnection({ BUILDKIT_HOST: address }).tls).toBeNull();
    }
    for (const host of ['builder.example.com', '127.0.0.1.example.com'])
      expect(problem({ BUILDKIT_HOST: `tcp://${host}:1234` })).toContain(
        'BUILDKIT_CERT_PATH must name a folder',
      );
  });

  it.each([
    'builder.example.com',
    'tcp://builder.example.com',
    'https://builder.example.com:1234',
    'docker-container://builder',
    'unix://',
  ])('does not take %s', (address) => {
    expect(problem({ BUILDKIT_HOST: address })).toContain(
      'BUILDKIT_HOST must be unix:///… or tcp://host:port',
    );
  });

  it('names the folder of certificates that cannot be read', () => {
    expect(
      problem({
        BUILDKIT_HOST: 'tcp://builder.example.com:1234',
        BUILDKIT_CERT_PATH: path.join(folder, 'nothing'),
      }),
    ).toContain('that this user can read');
  });
});
