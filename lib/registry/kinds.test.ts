import { describe, expect, it } from 'vitest';
import { kindOf, KINDS, publishGuide } from './kinds';
import { parseEcrHost } from './kinds/ecr';
import { garLocation } from './kinds/gar';
import { parseReference } from './reference';
import { REGISTRY_KINDS, RegistryHost } from './schema';

describe('kindOf', () => {
  it.each([
    ['ghcr.io', 'ghcr'],
    ['docker.io', 'docker_hub'],
    ['123456789012.dkr.ecr.eu-west-1.amazonaws.com', 'ecr'],
    ['123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com', 'ecr'],
    ['123456789012.dkr-ecr.us-west-2.on.aws', 'ecr'],
    ['123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn', 'ecr'],
    ['12345.dkr.ecr.eu-west-1.amazonaws.com', 'generic'],
    ['123456789012.dkr.ecr.eu-west-1.amazonaws.com.evil.example', 'generic'],
    ['public.ecr.aws', 'ecr_public'],
    ['europe-west1-docker.pkg.dev', 'gar'],
    ['gcr.io', 'gar'],
    ['eu.gcr.io', 'gar'],
    ['mirror.gcr.io', 'generic'],
    ['acme.azurecr.io', 'acr'],
    ['acme.azurecr.cn', 'acr'],
    ['acme.azurecr.io.evil.example', 'generic'],
    ['quay.io', 'quay'],
    ['registry.gitlab.com', 'gitlab'],
    ['registry.gitlab.example.com:5050', 'gitlab'],
    ['harbor.example.com', 'harbor'],
    ['registry.example.com:5000', 'generic'],
    ['', 'generic'],
  ])('takes %s for %s', (host, kind) => {
    expect(kindOf(host)).toBe(kind);
  });
});

describe('parseEcrHost', () => {
  const there = { account: '123456789012', isFips: false, isDualStack: false };
  it.each([
    [
      '123456789012.dkr.ecr.eu-west-1.amazonaws.com',
      { ...there, region: 'eu-west-1' },
    ],
    [
      '123456789012.dkr.ecr-fips.us-east-1.amazonaws.com',
      { ...there, region: 'us-east-1', isFips: true },
    ],
    [
      '123456789012.dkr-ecr.us-west-2.on.aws',
      { ...there, region: 'us-west-2', isDualStack: true },
    ],
    [
      '123456789012.dkr-ecr-fips.us-west-2.on.aws',
      { ...there, region: 'us-west-2', isFips: true, isDualStack: true },
    ],
    [
      '123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn',
      { ...there, region: 'cn-north-1' },
    ],
    [
      '123456789012.dkr-ecr.cn-north-1.on.amazonwebservices.com.cn',
      { ...there, region: 'cn-north-1', isDualStack: true },
    ],
    [
      '123456789012.dkr.ecr.eusc-de-east-1.amazonaws.eu',
      { ...there, region: 'eusc-de-east-1' },
    ],
    [
      '123456789012.dkr.ecr.us-iso-east-1.c2s.ic.gov',
      { ...there, region: 'us-iso-east-1' },
    ],
    [
      '123456789012.dkr.ecr.us-isob-east-1.sc2s.sgov.gov',
      { ...there, region: 'us-isob-east-1' },
    ],
    [
      '123456789012.dkr.ecr.eu-isoe-west-1.cloud.adc-e.uk',
      { ...there, region: 'eu-isoe-west-1' },
    ],
    [
      '123456789012.dkr.ecr.us-isof-south-1.csp.hci.ic.gov',
      { ...there, region: 'us-isof-south-1' },
    ],
  ])('reads %s', (host, expected) => {
    expect(parseEcrHost(host)).toEqual(expected);
  });

  it.each([
    'public.ecr.aws',
    '1234567890123.dkr.ecr.eu-west-1.amazonaws.com',
    '123456789012.dkr-ecr.eu-west-1.amazonaws.com',
    '123456789012.dkr.ecr.eu-west-1.on.aws',
    '123456789012.dkr.ecr.eu-west-1.amazonaws.com:443',
    'x.123456789012.dkr.ecr.eu-west-1.amazonaws.com',
  ])('refuses %s', (host) => {
    expect(parseEcrHost(host)).toBeNull();
  });
});

it.each([
  ['europe-west1-docker.pkg.dev', 'europe-west1'],
  ['us-docker.pkg.dev', 'us'],
  ['gcr.io', 'us'],
  ['asia.gcr.io', 'asia'],
  ['pkg.dev', null],
])('garLocation(%s) is %s', (host, location) => {
  expect(garLocation(host)).toBe(location);
});

describe('every kind', () => {
  const kinds = REGISTRY_KINDS.map((kind) => [kind, KINDS[kind]] as const);

  it.each(kinds)('%s is listed under its own name', (kind, facts) => {
    expect(facts.kind).toBe(kind);
  });

  it.each(kinds)('%s recognises its own example host', (kind, facts) => {
    expect(kindOf(facts.hostExample)).toBe(kind);
    expect(RegistryHost.safeParse(facts.hostExample).success).toBe(true);
  });

  it.each(kinds)('%s tells its ways apart', (_kind, { methods }) => {
    const ids = methods.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it.each(kinds)('%s links over https only, typed or not', (_kind, facts) => {
    const host = facts.hostExample;
    const places = [
      { host: '', namespace: '' },
      { host, namespace: facts.namespaceExample },
    ];
    const guides = [
      ...facts.methods.flatMap(({ create }) => places.map(create)),
      facts.publish(parseReference(`${host}/acme/etl/x`)),
    ];
    for (const { links } of guides) {
      for (const { url } of links) {
        expect(new URL(url).protocol).toBe('https:');
        expect(url).not.toContain('undefined');
      }
    }
  });

  it.each(kinds)('%s keeps a server’s own identity for owners', (_, facts) => {
    for (const { method, isOwnerOnly } of facts.methods)
      expect(isOwnerOnly ?? false).toBe(method.endsWith('_ambient'));
  });
});

describe('publishGuide', () => {
  it.each([
    [
      'ghcr.io/acme/ml/etl',
      'ghcr',
      'https://github.com/users/acme/packages/container/ml%2Fetl/settings',
    ],
    [
      'acme/etl',
      'docker_hub',
      'https://hub.docker.com/repository/docker/acme/etl/settings',
    ],
    [
      '123456789012.dkr.ecr.eu-west-1.amazonaws.com/etl',
      'ecr',
      'aws ecr-public create-repository --region us-east-1 --repository-name etl',
    ],
    ['public.ecr.aws/a1b2/etl', 'ecr_public', 'can be pulled by anyone'],
    [
      'europe-west1-docker.pkg.dev/proj/repo/etl',
      'gar',
      'add-iam-policy-binding repo --project=proj --location=europe-west1',
    ],
    [
      'europe-west1-docker.pkg.dev/example.com/proj/repo/etl',
      'gar',
      'add-iam-policy-binding repo --project=example.com:proj',
    ],
    [
      'gcr.io/proj/etl',
      'gar',
      'add-iam-policy-binding gcr.io --project=proj --location=us',
    ],
    [
      'acme.azurecr.io/etl',
      'acr',
      'az acr update --name acme --anonymous-pull-enabled',
    ],
    [
      'quay.io/acme/etl',
      'quay',
      'https://quay.io/repository/acme/etl?tab=settings',
    ],
    [
      'registry.gitlab.com/acme/etl',
      'gitlab',
      'https://gitlab.com/acme/etl/edit#js-shared-permissions',
    ],
    [
      'harbor.example.com/acme/etl',
      'harbor',
      'https://harbor.example.com/harbor/projects',
    ],
    ['registry.example.com:5000/etl', 'generic', 'registry.example.com:5000'],
  ])('for %s (%s) names %s', (text, kind, expected) => {
    const reference = parseReference(text);
    expect(kindOf(reference.registry)).toBe(kind);
    expect(JSON.stringify(publishGuide(reference))).toContain(expected);
  });
});
