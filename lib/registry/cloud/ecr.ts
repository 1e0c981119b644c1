import { RegistryError } from '@/lib/registry/errors';
import { type AwsKeys, type AwsPlace, awsClientConfig } from './aws-client';
import { type AwsCall, toAwsError } from './aws-errors';
import type { CloudIo, Minted } from './cloud';

/** Which of the two: a private registry in a region, or the public one, whose API is in us-east-1 alone. */
export type EcrFlavour = 'ecr' | 'ecr-public';

/** What became of a repository that a push needs. `refused`: the identity may not make it; it may be there all the same. */
export type RepositoryOutcome =
  | { outcome: 'made' }
  | { outcome: 'there' }
  | { outcome: 'refused'; action: string };

const MAKE = {
  ecr: 'ecr:CreateRepository',
  'ecr-public': 'ecr-public:CreateRepository',
};

/**
 * A password for an ECR registry: user `AWS`, good for 12 hours, or for as long as the identity it comes from when that
 * is shorter. Throws as `toAwsError` says.
 */
export async function mintEcr(
  flavour: EcrFlavour,
  keys: AwsKeys,
  place: AwsPlace,
  io: CloudIo,
): Promise<Minted> {
  const call: AwsCall = {
    action: `${flavour}:GetAuthorizationToken`,
    what: 'get a password',
    host: hostOf(flavour, place),
  };
  try {
    const data = await authorization(flavour, keys, place, io);
    return toMinted(data, keys);
  } catch (error) {
    throw toAwsError(error, call);
  }
}

/**
 * Makes a repository, unless it is there. A refusal for want of permission is an answer, because the repository may
 * exist, or ECR may make it on push by a template; any other failure throws as `toAwsError` says.
 */
export async function createEcrRepository(
  flavour: EcrFlavour,
  repository: { name: string; account: string | null },
  keys: AwsKeys,
  place: AwsPlace,
  io: CloudIo,
): Promise<RepositoryOutcome> {
  try {
    await create(flavour, repository, keys, place, io);
    return { outcome: 'made' };
  } catch (error) {
    if (nameOf(error) === 'RepositoryAlreadyExistsException')
      return { outcome: 'there' };
    const failure = toAwsError(error, {
      action: MAKE[flavour],
      what: `make the repository ${repository.name}`,
      host: hostOf(flavour, place),
    });
    if (failure.code !== 'CLOUD_NOT_PERMITTED') throw failure;
    return { outcome: 'refused', action: MAKE[flavour] };
  }
}

type Authorization =
  | { authorizationToken?: string | undefined; expiresAt?: Date | undefined }
  | undefined;

async function authorization(
  flavour: EcrFlavour,
  keys: AwsKeys,
  place: AwsPlace,
  io: CloudIo,
): Promise<Authorization> {
  const config = awsClientConfig(place, keys, io);
  if (flavour === 'ecr') {
    const sdk = await import('@aws-sdk/client-ecr');
    const client = new sdk.ECRClient(config);
    const answer = await client.send(new sdk.GetAuthorizationTokenCommand({}));
    return answer.authorizationData?.[0];
  }
  const sdk = await import('@aws-sdk/client-ecr-public');
  const client = new sdk.ECRPUBLICClient(config);
  const answer = await client.send(new sdk.GetAuthorizationTokenCommand({}));
  return answer.authorizationData;
}

async function create(
  flavour: EcrFlavour,
  { name, account }: { name: string; account: string | null },
  keys: AwsKeys,
  place: AwsPlace,
  io: CloudIo,
): Promise<void> {
  const config = awsClientConfig(place, keys, io);
  const repositoryName = name;
  if (flavour === 'ecr') {
    const sdk = await import('@aws-sdk/client-ecr');
    await new sdk.ECRClient(config).send(
      new sdk.CreateRepositoryCommand({
        repositoryName,
        ...(account === null ? {} : { registryId: account }),
      }),
    );
    return;
  }
  const sdk = await import('@aws-sdk/client-ecr-public');
  await new sdk.ECRPUBLICClient(config).send(
    new sdk.CreateRepositoryCommand({ repositoryName }),
  );
}

function toMinted(found: Authorization, keys: AwsKeys): Minted {
  const { authorizationToken = '', expiresAt } = found ?? {};
  const [username = '', ...rest] = Buffer.from(authorizationToken, 'base64')
    .toString('utf8')
    .split(':');
  const password = rest.join(':');
  if (username === '' || password === '' || expiresAt === undefined)
    throw new RegistryError('CLOUD_FAILED', 'AWS gave no password.');
  // No source says that a password outlives the session it was made with.
  const end = keys.expiresAt;
  return {
    username,
    password,
    expiresAt: end && end < expiresAt ? end : expiresAt,
  };
}

function hostOf(flavour: EcrFlavour, { endpoint, region }: AwsPlace): string {
  if (endpoint !== undefined) return new URL(endpoint).host;
  return flavour === 'ecr'
    ? `Amazon ECR in ${region}`
    : `Amazon ECR Public in ${region}`;
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : '';
}
