import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Egress, EgressRequest } from '@/lib/registry/egress';
import { RegistryError } from '@/lib/registry/errors';
import {
  type CloudCredential,
  makeRepository,
  mintLogin,
  type MintTools,
} from './mint';

const KEYS: CloudCredential = {
  method: 'aws_keys',
  accessKeyId: 'AKIA1',
  secretAccessKey: 'secret',
};
const ROLE = { roleArn: 'arn:aws:iam::1:role/x', externalId: null };

/** An egress that reaches nobody, and remembers who was asked. */
function deafEgress(asked: EgressRequest[]): Egress {
  return {
    request: (request) => {
      asked.push(request);
      return Promise.reject(
        new RegistryError('REGISTRY_UNREACHABLE', 'nobody'),
      );
    },
    close: () => Promise.resolve(),
  };
}

const tools = (asked: EgressRequest[]): MintTools => ({
  egress: deafEgress(asked),
  now: () => Date.parse('2026-11-27T00:00:00Z'),
  surroundings: { variables: {}, readFile: () => Promise.reject(new Error()) },
  openMetadata: () => deafEgress(asked),
});

const registry = (host: string) => ({
  host,
  endpoint: undefined,
  stsEndpoint: undefined,
});

async function whoIsAsked(
  credential: CloudCredential,
  host: string,
): Promise<{ origins: string[]; code: string }> {
  const asked: EgressRequest[] = [];
  const code = await mintLogin(
    credential,
    registry(host),
    'imageyard',
    tools(asked),
  ).then(
    () => 'none',
    (error: unknown) => (error as RegistryError).code,
  );
  return { origins: [...new Set(asked.map(({ url }) => url.origin))], code };
}

describe('where a login is asked for', () => {
  it.each([
    [
      '123456789012.dkr.ecr.eu-west-1.amazonaws.com',
      'api.ecr.eu-west-1.amazonaws.com',
    ],
    [
      '123456789012.dkr.ecr-fips.us-east-1.amazonaws.com',
      'api.ecr-fips.us-east-1.amazonaws.com',
    ],
    ['123456789012.dkr-ecr.us-west-2.on.aws', 'ecr.us-west-2.api.aws'],
    [
      '123456789012.dkr-ecr-fips.us-west-2.on.aws',
      'ecr-fips.us-west-2.api.aws',
    ],
    [
      '123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn',
      'api.ecr.cn-north-1.amazonaws.com.cn',
    ],
    [
      '123456789012.dkr.ecr.us-iso-east-1.c2s.ic.gov',
      'api.ecr.us-iso-east-1.c2s.ic.gov',
    ],
    [
      '123456789012.dkr.ecr.us-isob-east-1.sc2s.sgov.gov',
      'api.ecr.us-isob-east-1.sc2s.sgov.gov',
    ],
    ['public.ecr.aws', 'api.ecr-public.us-east-1.amazonaws.com'],
  ])('%s asks %s', async (host, api) => {
    expect(await whoIsAsked(KEYS, host)).toEqual({
      origins: [`https://${api}`],
      code: 'CLOUD_UNREACHABLE',
    });
  });

  it.each([
    [
      '123456789012.dkr.ecr.eu-west-1.amazonaws.com',
      'sts.eu-west-1.amazonaws.com',
    ],
    [
      '123456789012.dkr.ecr-fips.us-east-1.amazonaws.com',
      'sts-fips.us-east-1.amazonaws.com',
    ],
    [
      '123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn',
      'sts.cn-north-1.amazonaws.com.cn',
    ],
    ['public.ecr.aws', 'sts.us-east-1.amazonaws.com'],
  ])('a role for %s is assumed at %s', async (host, api) => {
    const role: CloudCredential = { ...KEYS, method: 'aws_role', role: ROLE };
    expect((await whoIsAsked(role, host)).origins).toEqual([`https://${api}`]);
  });

  it('a Google key asks Google, whatever the key file says', async () => {
    const { startFakeGoogle } =
      await import('@/lib/registry/testing/fake-google');
    const google = await startFakeGoogle();
    const found = await whoIsAsked(
      { method: 'gcp_key', keyFile: google.keyFile },
      'europe-west1-docker.pkg.dev',
    );
    await google.close();
    expect(found.origins).toEqual(['https://oauth2.googleapis.com']);
  });

  it.each<CloudCredential>([
    KEYS,
    { method: 'aws_ambient', role: null },
    { method: 'gcp_ambient' },
    { method: 'gcp_key', keyFile: '{}' },
  ])('nobody is asked by $method for a host of somebody else', async (one) => {
    expect(await whoIsAsked(one, 'registry.example.com')).toEqual({
      origins: [],
      code: 'CLOUD_REGION_WRONG',
    });
  });

  it('nobody is asked for a repository at Google', async () => {
    const asked: EgressRequest[] = [];
    const made = await makeRepository(
      { method: 'gcp_ambient' },
      registry('gcr.io'),
      'p/r',
      'imageyard',
      tools(asked),
    );
    expect([made, asked]).toEqual([null, []]);
  });
});

describe('the surroundings of this process', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('do not move a call or lend it keys', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL', 'https://evil.example.com');
    vi.stubEnv('AWS_ENDPOINT_URL_ECR', 'https://evil.example.com');
    vi.stubEnv('AWS_REGION', 'us-west-1');
    vi.stubEnv('AWS_PROFILE', 'evil');
    vi.stubEnv('AWS_USE_FIPS_ENDPOINT', 'true');
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIASERVER');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'server-secret');
    const asked: EgressRequest[] = [];
    const host = '123456789012.dkr.ecr.eu-west-1.amazonaws.com';
    await mintLogin(KEYS, registry(host), 'imageyard', tools(asked)).catch(
      () => undefined,
    );
    expect(asked[0]?.url.origin).toBe(
      'https://api.ecr.eu-west-1.amazonaws.com',
    );
    expect(asked[0]?.headers?.authorization).toContain('Credential=AKIA1/');
    expect(JSON.stringify(asked)).not.toContain('AKIASERVER');
  });
});
