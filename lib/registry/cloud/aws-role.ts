import type * as Sts from '@aws-sdk/client-sts';
import { RegistryError } from '@/lib/registry/errors';
import { type AwsKeys, type AwsPlace, awsClientConfig } from './aws-client';
import { toAwsError } from './aws-errors';
import type { CloudIo } from './cloud';

export type AwsRole = { roleArn: string; externalId: string | null };

/** One hour is what every role allows, and the most for a role assumed from a role. */
const SESSION_SECONDS = 3600;

/**
 * Temporary keys of a role. `sessionName` is what the account's CloudTrail shows. Throws CLOUD_ROLE_REFUSED,
 * CLOUD_KEY_REFUSED, CLOUD_CLOCK_SKEW, CLOUD_REGION_WRONG, CLOUD_UNREACHABLE, CLOUD_FAILED.
 */
export async function assumeRole(
  keys: AwsKeys,
  { roleArn, externalId }: AwsRole,
  sessionName: string,
  place: AwsPlace,
  io: CloudIo,
): Promise<AwsKeys> {
  return withSts(place, keys, io, roleArn, async (client, sts) => {
    const { Credentials } = await client.send(
      new sts.AssumeRoleCommand({
        RoleArn: roleArn,
        RoleSessionName: toSessionName(sessionName),
        DurationSeconds: SESSION_SECONDS,
        ...(externalId === null ? {} : { ExternalId: externalId }),
      }),
    );
    return toKeys(Credentials);
  });
}

/** Temporary keys of a role from the token a cluster gave this process (IAM roles for service accounts). */
export async function assumeRoleWithToken(
  token: string,
  roleArn: string,
  sessionName: string,
  place: AwsPlace,
  io: CloudIo,
): Promise<AwsKeys> {
  return withSts(place, null, io, roleArn, async (client, sts) => {
    const { Credentials } = await client.send(
      new sts.AssumeRoleWithWebIdentityCommand({
        RoleArn: roleArn,
        RoleSessionName: toSessionName(sessionName),
        WebIdentityToken: token,
      }),
    );
    return toKeys(Credentials);
  });
}

/** STS takes 2 to 64 of letters, digits and `+=,.@-_`. */
export function toSessionName(text: string): string {
  return text.replace(/[^\w+=,.@-]+/g, '-').slice(0, 64);
}

async function withSts(
  place: AwsPlace,
  keys: AwsKeys | null,
  io: CloudIo,
  roleArn: string,
  spend: (client: Sts.STSClient, sts: typeof Sts) => Promise<AwsKeys>,
): Promise<AwsKeys> {
  const sts = await import('@aws-sdk/client-sts');
  const client = new sts.STSClient(awsClientConfig(place, keys, io));
  try {
    return await spend(client, sts);
  } catch (error) {
    throw toAwsError(error, {
      action: 'sts:AssumeRole',
      what: 'assume the role',
      host: hostOf(place),
      roleArn,
    });
  } finally {
    client.destroy();
  }
}

function hostOf({ endpoint, region }: AwsPlace): string {
  return endpoint === undefined
    ? `AWS STS in ${region}`
    : new URL(endpoint).host;
}

function toKeys(
  found:
    | {
        AccessKeyId?: string | undefined;
        SecretAccessKey?: string | undefined;
        SessionToken?: string | undefined;
        Expiration?: Date | undefined;
      }
    | undefined,
): AwsKeys {
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } =
    found ?? {};
  if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration)
    throw new RegistryError('CLOUD_FAILED', 'AWS STS gave no credentials.');
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
    expiresAt: Expiration,
  };
}
