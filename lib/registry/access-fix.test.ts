import { describe, expect, it } from 'vitest';
import { type Access, ACCESS_VERDICTS } from './access';
import { accessFix } from './access-fix';
import { KINDS } from './kinds';
import { parseReference } from './reference';
import { REGISTRY_KINDS, type RegistryKind } from './schema';

const IMAGES: Record<RegistryKind, string> = {
  ghcr: 'ghcr.io/acme/etl/train:1',
  docker_hub: 'docker.io/acme/etl:1',
  ecr: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/acme/etl:1',
  ecr_public: 'public.ecr.aws/acme/etl:1',
  gar: 'europe-west4-docker.pkg.dev/proj/repo/etl:1',
  acr: 'acme.azurecr.io/etl:1',
  quay: 'quay.io/acme/etl:1',
  gitlab: 'registry.gitlab.com/group/project/etl:1',
  harbor: 'harbor.example.com/project/etl:1',
  generic: 'registry.example.com:5000/acme/etl:1',
};

const access = (more: Partial<Access>): Access => ({
  state: 'private',
  identity: 'anonymous',
  underlying: null,
  digest: null,
  platforms: [],
  failing: [],
  checked: 'none',
  retryAt: null,
  nearTags: ['1.0'],
  transport: 'https',
  tlsFault: null,
  stage: null,
  reason: null,
  vantage: 'server',
  ...more,
});

const fix = (kind: RegistryKind, more: Partial<Access>) =>
  accessFix(access(more), parseReference(IMAGES[kind]), 'linux/arm64');

/** Answers that leave nothing to mend, or that the name says too little to help with. */
const NOTHING = [
  'public',
  'pullable',
  'blocked_by_policy',
  'not_an_image',
  'invalid_reference',
];

const CELLS = REGISTRY_KINDS.flatMap((kind) =>
  ACCESS_VERDICTS.map((state) => [kind, state] as const),
);

describe('accessFix', () => {
  it.each(CELLS)('of %s for %s is whole, or none is needed', (kind, state) => {
    expect(
      KINDS[kind].matches(parseReference(IMAGES[kind]).registry) ||
        kind === 'generic',
    ).toBe(true);
    const found = fix(kind, { state });
    if (NOTHING.includes(state)) return expect(found).toBeNull();
    expect(found?.steps.length).toBeGreaterThan(0);
    for (const step of found?.steps ?? []) expect(step).toMatch(/\S/);
    for (const command of found?.commands ?? [])
      expect(command).not.toMatch(/undefined|null|\$\{/);
    for (const { url } of found?.links ?? [])
      expect(new URL(url).protocol).toBe('https:');
  });

  it.each<[RegistryKind, Partial<Access>, string]>([
    [
      'ghcr',
      { state: 'private' },
      'https://github.com/orgs/acme/packages/container/etl%2Ftrain/settings',
    ],
    [
      'docker_hub',
      { state: 'private_or_missing' },
      'https://hub.docker.com/repository/docker/acme/etl/settings',
    ],
    [
      'docker_hub',
      { state: 'missing_tag' },
      'https://hub.docker.com/r/acme/etl/tags',
    ],
    [
      'docker_hub',
      { state: 'rate_limited' },
      'https://hub.docker.com/usage/pulls',
    ],
    [
      'quay',
      { state: 'private' },
      'https://quay.io/repository/acme/etl?tab=settings',
    ],
    [
      'gitlab',
      { state: 'missing_tag' },
      'https://gitlab.com/group/project/etl/container_registry',
    ],
  ])('of %s for %o leads to the page', (kind, more, url) => {
    expect(fix(kind, more)?.links.map((one) => one.url)).toContain(url);
  });

  it.each<[RegistryKind, Partial<Access>, string]>([
    [
      'ecr',
      { state: 'missing_repository' },
      'aws ecr create-repository --region eu-west-1 --repository-name acme/etl',
    ],
    [
      'gar',
      { state: 'missing_repository' },
      'gcloud artifacts repositories create repo --project=proj --location=europe-west4 --repository-format=docker',
    ],
    [
      'acr',
      { state: 'private' },
      'az acr update --name acme --anonymous-pull-enabled',
    ],
    [
      'generic',
      { state: 'missing_tag' },
      'docker pull registry.example.com:5000/acme/etl:1.0',
    ],
    [
      'generic',
      { state: 'wrong_platform' },
      'docker buildx build --platform linux/arm64 --tag registry.example.com:5000/acme/etl:1 --push .',
    ],
    [
      'docker_hub',
      { state: 'unreachable' },
      'curl --include https://registry-1.docker.io/v2/',
    ],
  ])('of %s for %o holds the command', (kind, more, command) => {
    expect(fix(kind, more)?.commands).toContain(command);
  });

  it('renews a credential that is refused, and opens nothing', () => {
    const found = fix('ghcr', { state: 'no_access', identity: 'cluster' });
    expect(JSON.stringify(found)).not.toMatch(/visibility/i);
    expect(found?.steps[0]).toMatch(/right to read/);
  });
});
