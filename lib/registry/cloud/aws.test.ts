import { failureOf } from '@/lib/registry/testing/failure-of';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Egress, openEgress } from '@/lib/registry/egress';
import { type FakeAws, startFakeAws } from '@/lib/registry/testing/fake-aws';
import { ambientAwsKeys, type AwsSurroundings } from './aws-ambient';
import type { AwsKeys, AwsPlace } from './aws-client';
import { toAwsError } from './aws-errors';
import { assumeRole, toSessionName } from './aws-role';
import { createEcrRepository, mintEcr } from './ecr';

const ROLE = 'arn:aws:iam::123456789012:role/imageyard';
const OTHER_ROLE = 'arn:aws:iam::123456789012:role/other';
const POD_ROLE = 'arn:aws:iam::123456789012:role/pod';
const keys: AwsKeys = {
  accessKeyId: 'AKIAFULL',
  secretAccessKey: 'right/secret+key',
};
const caller: AwsKeys = {
  accessKeyId: 'AKIACALLER',
  secretAccessKey: 'caller-secret',
};

let clockMs = Date.now();
let aws: FakeAws;
let egress: Egress;
let place: AwsPlace;

beforeEach(async () => {
  clockMs = Date.now();
  aws = await startFakeAws({
    now: () => clockMs,
    identities: {
      AKIAFULL: { secretAccessKey: keys.secretAccessKey, allow: ['*'] },
      AKIACALLER: { secretAccessKey: caller.secretAccessKey, allow: [] },
      AKIAPULL: {
        secretAccessKey: 'pull',
        allow: ['ecr:GetAuthorizationToken'],
      },
      ASIAOLD: {
        secretAccessKey: 'old-secret',
        sessionToken: 'session',
        expiresAt: '2020-01-01T00:00:00Z',
        allow: ['*'],
      },
      ASIAHOST: {
        secretAccessKey: 'host',
        sessionToken: 'host-session',
        expiresAt: new Date(clockMs + 6 * 3_600_000).toISOString(),
        allow: ['*'],
      },
    },
    roles: {
      [ROLE]: { trusts: ['AKIACALLER'], externalId: 'ext-1', allow: ['*'] },
      [OTHER_ROLE]: { trusts: [], allow: ['*'] },
      [POD_ROLE]: { trusts: [], webIdentityToken: 'pod-token', allow: ['*'] },
    },
    repositories: ['ml/there'],
    instance: { role: 'node', accessKeyId: 'ASIAHOST' },
  });
  egress = openEgress({ policy: aws.policy });
  place = {
    region: 'eu-west-1',
    isFips: false,
    isDualStack: false,
    endpoint: aws.origin,
  };
});

afterEach(async () => {
  await egress.close();
  await aws.close();
});

const io = () => ({ egress, now: () => clockMs });

describe('a password of ECR', () => {
  it('is made from an access key', async () => {
    const minted = await mintEcr('ecr', keys, place, io());
    expect(minted.username).toBe('AWS');
    expect(minted.password).toBe(aws.passwords.at(-1));
    expect(minted.expiresAt.getTime() - clockMs).toBeGreaterThan(43_000_000);
    expect(aws.calls).toEqual(['ecr:GetAuthorizationToken']);
  });

  it('is made for ECR Public by its own service', async () => {
    const minted = await mintEcr('ecr-public', keys, place, io());
    expect(minted.password).toBe(aws.passwords.at(-1));
    expect(aws.calls).toEqual(['ecr-public:GetAuthorizationToken']);
  });

  it('is made from a role, in a session that names the build', async () => {
    const session = await assumeRole(
      caller,
      { roleArn: ROLE, externalId: 'ext-1' },
      'imageyard build/7',
      place,
      io(),
    );
    const minted = await mintEcr('ecr', session, place, io());
    expect(aws.sessions).toEqual(['imageyard-build-7']);
    // The role's session ends before the twelve hours do.
    expect(minted.expiresAt).toEqual(session.expiresAt);
  });

  it.each<[string, AwsKeys, string, RegExp]>([
    [
      'an unknown key',
      { accessKeyId: 'AKIANOBODY', secretAccessKey: 'nobody-secret' },
      'CLOUD_KEY_REFUSED',
      /does not know this access key ID/,
    ],
    [
      'a wrong secret',
      { ...keys, secretAccessKey: 'wrong-secret' },
      'CLOUD_KEY_REFUSED',
      /not with this secret access key/,
    ],
    [
      'keys that have expired',
      {
        accessKeyId: 'ASIAOLD',
        secretAccessKey: 'old-secret',
        sessionToken: 'session',
      },
      'CLOUD_KEY_REFUSED',
      /have expired/,
    ],
    [
      'a missing permission',
      caller,
      'CLOUD_NOT_PERMITTED',
      /must allow ecr:GetAuthorizationToken/,
    ],
  ])('is refused for %s', async (_what, wrong, code, words) => {
    const error = await failureOf(mintEcr('ecr', wrong, place, io()));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(words);
    expect(error.message).not.toContain(wrong.secretAccessKey);
    expect(aws.passwords).toEqual([]);
  });

  it('is refused by an endpoint of another region', async () => {
    const error = await failureOf(
      mintEcr('ecr', keys, { ...place, region: 'us-east-2' }, io()),
    );
    expect(error.code).toBe('CLOUD_REGION_WRONG');
  });

  it('is had although this clock is ten minutes off, once AWS has told its time', async () => {
    clockMs += 10 * 60_000;
    await mintEcr('ecr', keys, place, io());
    expect(aws.calls).toEqual(['ecr:GetAuthorizationToken']);
  });

  it('is not had where nobody answers', async () => {
    await aws.close();
    const error = await failureOf(mintEcr('ecr', keys, place, io()));
    expect(error.code).toBe('CLOUD_UNREACHABLE');
    expect(error.message).toContain('127.0.0.1');
  });

  it('is not asked for at an address that nobody opened', async () => {
    const closed = openEgress({ policy: { allow: [] } });
    const error = await failureOf(
      mintEcr('ecr', keys, place, { ...io(), egress: closed }),
    );
    await closed.close();
    expect(error.code).toBe('REGISTRY_BLOCKED');
    expect(aws.calls).toEqual([]);
  });
});

describe('a role', () => {
  it.each([
    ['that does not trust the key', OTHER_ROLE, null],
    ['without its external ID', ROLE, null],
    ['with another external ID', ROLE, 'ext-2'],
  ])('%s is not assumed', async (_what, roleArn, externalId) => {
    const error = await failureOf(
      assumeRole(caller, { roleArn, externalId }, 'imageyard', place, io()),
    );
    expect(error.code).toBe('CLOUD_ROLE_REFUSED');
    expect(error.message).toContain(roleArn);
    expect(error.message).toContain('sts:AssumeRole');
  });

  it('is not assumed with a wrong secret', async () => {
    const error = await failureOf(
      assumeRole(
        { ...caller, secretAccessKey: 'wrong-secret' },
        { roleArn: ROLE, externalId: 'ext-1' },
        'imageyard',
        place,
        io(),
      ),
    );
    expect(error.code).toBe('CLOUD_KEY_REFUSED');
  });

  it('gets a session name that STS takes', () => {
    expect(toSessionName('imageyard build №7')).toBe('imageyard-build-7');
    expect(toSessionName('x'.repeat(100))).toHaveLength(64);
  });
});

describe('a repository', () => {
  const make = (name: string, by: AwsKeys = keys) =>
    createEcrRepository(
      'ecr',
      { name, account: '123456789012' },
      by,
      place,
      io(),
    );

  it('is made when it is missing', async () => {
    expect(await make('ml/new')).toEqual({ outcome: 'made' });
    expect(aws.repositories.has('ml/new')).toBe(true);
  });

  it('is left alone when it is there', async () => {
    expect(await make('ml/there')).toEqual({ outcome: 'there' });
  });

  it('is made on ECR Public by its own service', async () => {
    await createEcrRepository(
      'ecr-public',
      { name: 'new', account: null },
      keys,
      place,
      io(),
    );
    expect(aws.calls).toEqual(['ecr-public:CreateRepository']);
  });

  it('is not made without the permission, which is named', async () => {
    const puller = { accessKeyId: 'AKIAPULL', secretAccessKey: 'pull' };
    expect(await make('ml/new', puller)).toEqual({
      outcome: 'refused',
      action: 'ecr:CreateRepository',
    });
  });

  it('is not made with a wrong secret', async () => {
    const error = await failureOf(
      make('ml/new', { ...keys, secretAccessKey: 'wrong-secret' }),
    );
    expect(error.code).toBe('CLOUD_KEY_REFUSED');
  });
});

describe('the server’s own identity', () => {
  const opened: string[] = [];
  const around = (more: Partial<AwsSurroundings> = {}): AwsSurroundings => ({
    variables: {},
    readFile: (path) => Promise.resolve(path === '/token' ? 'pod-token\n' : ''),
    openMetadata: (allowance) => {
      opened.push(allowance.host);
      return openEgress({ policy: { allow: [allowance] } });
    },
    instanceOrigin: aws.origin,
    ...more,
  });
  const find = (surroundings: AwsSurroundings) =>
    ambientAwsKeys(surroundings, 'imageyard', place, io());

  beforeEach(() => {
    opened.length = 0;
  });

  it('is what the environment says', async () => {
    const found = await find(
      around({
        variables: {
          AWS_ACCESS_KEY_ID: keys.accessKeyId,
          AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
        },
      }),
    );
    expect(found).toEqual(keys);
    expect(opened).toEqual([]);
  });

  it('is the role that a cluster’s token stands for', async () => {
    const found = await find(
      around({
        variables: {
          AWS_ROLE_ARN: POD_ROLE,
          AWS_WEB_IDENTITY_TOKEN_FILE: '/token',
        },
      }),
    );
    expect((await mintEcr('ecr', found, place, io())).username).toBe('AWS');
    expect(opened).toEqual([]);
  });

  it('is the instance’s, asked with a session token', async () => {
    const found = await find(around());
    expect(found.accessKeyId).toBe('ASIAHOST');
    expect(aws.metadata).toEqual([
      'PUT /latest/api/token',
      'GET /latest/meta-data/iam/security-credentials/',
      'GET /latest/meta-data/iam/security-credentials/node',
    ]);
    expect((await mintEcr('ecr', found, place, io())).username).toBe('AWS');
    expect(opened).toEqual(['127.0.0.1']);
  });

  it.each([
    [
      'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
      '/v2/credentials/1',
      '169.254.170.2',
    ],
    [
      'AWS_CONTAINER_CREDENTIALS_FULL_URI',
      'http://169.254.170.23/v1/credentials',
      '169.254.170.23',
    ],
  ])('asks %s at its own address alone', async (name, value, host) => {
    const allowances: unknown[] = [];
    const error = await failureOf(
      find(
        around({
          variables: { [name]: value },
          openMetadata: (allowance) => {
            allowances.push(allowance);
            return {
              request: () => Promise.reject(new Error('nobody')),
              close: () => Promise.resolve(),
            };
          },
        }),
      ),
    );
    expect(error.code).toBe('CLOUD_IDENTITY_MISSING');
    expect(allowances).toEqual([
      { host, port: 80, scheme: 'http', cidrs: [`${host}/32`] },
    ]);
  });

  it('is said to be missing where there is none', async () => {
    const bare = await startFakeAws({ identities: {} });
    const error = await failureOf(
      find(around({ instanceOrigin: bare.origin })),
    );
    await bare.close();
    expect(error.code).toBe('CLOUD_IDENTITY_MISSING');
  });
});

describe('a failure of AWS', () => {
  const call = {
    action: 'ecr:GetAuthorizationToken',
    what: 'get a password',
    host: 'Amazon ECR in eu-west-1',
  };
  it.each([
    ['RequestTimeTooSkewed', '', 'CLOUD_CLOCK_SKEW'],
    [
      'SignatureDoesNotMatch',
      'Signature not yet current: 2026',
      'CLOUD_CLOCK_SKEW',
    ],
    [
      'InvalidSignatureException',
      'Signature expired: 2026',
      'CLOUD_CLOCK_SKEW',
    ],
    ['RegionDisabledException', '', 'CLOUD_REGION_WRONG'],
    ['ThrottlingException', 'Rate exceeded', 'REGISTRY_RATE_LIMITED'],
    ['TooManyRequestsException', '', 'REGISTRY_RATE_LIMITED'],
    ['ServerException', 'secret upstream text', 'CLOUD_FAILED'],
    ['__proto__', 'secret upstream text', 'CLOUD_FAILED'],
  ])('%s (%s) is %s, without its own words', (name, message, code) => {
    const failure = toAwsError(
      Object.assign(new Error(message), { name }),
      call,
    );
    expect(failure.code).toBe(code);
    if (message !== '') expect(failure.message).not.toContain(message);
  });

  it('leaves AWS’s own words out of the log, which may repeat a session token', async () => {
    const error = await failureOf(
      mintEcr('ecr', { ...keys, secretAccessKey: 'wrong-secret' }, place, io()),
    );
    const logged = error.cause instanceof Error ? error.cause : new Error();
    expect(logged.message).toBe(
      'AWS answered InvalidSignatureException with status 403.',
    );
    expect(inspect(error, { depth: 9 })).not.toContain('we calculated');
  });

  it('names the permission that AWS names', () => {
    const error = Object.assign(
      new Error(
        '… is not authorized to perform: sts:GetServiceBearerToken on …',
      ),
      { name: 'AccessDeniedException' },
    );
    expect(toAwsError(error, call).message).toContain(
      'sts:GetServiceBearerToken',
    );
  });
});
