import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readDockerConfig } from './docker-config';
import {
  PullSecretName,
  pullSecretCommands,
  toDockerConfig,
  toPullSecret,
} from './pull-secret';

const login = { host: 'ghcr.io', username: 'robot$ci', password: 'pä:"\n$x' };

describe('toPullSecret', () => {
  it('holds what a cluster decodes', () => {
    const manifest: unknown = parse(
      toPullSecret({ name: 'pull', namespace: 'flyte' }, toDockerConfig(login)),
    );
    expect(manifest).toMatchObject({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'pull', namespace: 'flyte' },
      type: 'kubernetes.io/dockerconfigjson',
    });
    const { data } = manifest as { data: Record<string, string> };
    const text = Buffer.from(
      data['.dockerconfigjson'] ?? '',
      'base64',
    ).toString();
    expect(JSON.parse(text)).toEqual({
      auths: {
        'ghcr.io': {
          username: 'robot$ci',
          password: login.password,
          auth: Buffer.from(`robot$ci:${login.password}`).toString('base64'),
        },
      },
    });
  });

  it.each(['true', 'null', '1e3', '123', 'on'])(
    'keeps the name %s a text',
    (name) => {
      const manifest = parse(toPullSecret({ name, namespace: name }, '{}')) as {
        metadata: unknown;
      };
      expect(manifest.metadata).toEqual({ name, namespace: name });
    },
  );
});

describe('toDockerConfig', () => {
  it('names Docker Hub as clusters look for it', () => {
    const config = toDockerConfig({ ...login, host: 'docker.io' });
    expect(
      Object.keys((JSON.parse(config) as { auths: object }).auths),
    ).toEqual(['https://index.docker.io/v1/']);
  });

  it('is read back by the import', () => {
    const plain = { ...login, password: 'p:w' };
    const [entry] = readDockerConfig(toDockerConfig(plain)).entries;
    expect(entry?.credential).toMatchObject({
      method: 'password',
      username: plain.username,
      password: plain.password,
    });
  });
});

describe('PullSecretName', () => {
  it.each([
    ['pull-secret', 'flyte', null],
    ['a.b', 'a-b', null],
    ['0', '9', null],
    ['', 'flyte', 'name'],
    ['Pull', 'flyte', 'name'],
    ['-pull', 'flyte', 'name'],
    ['pull.', 'flyte', 'name'],
    ['pull_secret', 'flyte', 'name'],
    ['pull;rm', 'flyte', 'name'],
    ['x'.repeat(254), 'flyte', 'name'],
    ['pull', 'a.b', 'namespace'],
    ['pull', "flyte'", 'namespace'],
    ['pull', 'x'.repeat(64), 'namespace'],
  ])('%j in %j fails at %s', (name, namespace, field) => {
    const result = PullSecretName.safeParse({ name, namespace });
    expect(result.error?.issues[0]?.path[0] ?? null).toBe(field);
  });
});

describe('pullSecretCommands', () => {
  it('hold names alone', () => {
    expect(pullSecretCommands({ name: 'pull', namespace: 'flyte' })).toEqual({
      kubectl: 'kubectl apply -f pull.yaml',
      attach:
        'kubectl patch serviceaccount default --namespace flyte --patch \'{"imagePullSecrets":[{"name":"pull"}]}\'',
      flyte:
        'flyte create secret pull --type image_pull --from-docker-config --docker-config-path pull.json',
    });
  });
});
