import type { CloudIo } from './cloud';
import { egressHandler } from './sdk-handler';

/** Keys of an AWS identity. The last two belong to temporary ones. */
export type AwsKeys = {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
  expiresAt?: Date;
};

/** Where an AWS API is asked. Without an endpoint of its own, AWS's for the region, plain, FIPS or dual-stack. */
export type AwsPlace = {
  region: string;
  isFips: boolean;
  isDualStack: boolean;
  endpoint?: string | undefined;
};

/**
 * Settings for a client of the AWS SDK that takes nothing from its surroundings: no environment, no file under
 * `~/.aws`, no instance identity, and no way out but the egress.
 */
export function awsClientConfig(
  place: AwsPlace,
  keys: AwsKeys | null,
  { egress }: CloudIo,
) {
  const { region, isFips, isDualStack, endpoint } = place;
  const { accessKeyId = '', secretAccessKey = '', sessionToken } = keys ?? {};
  return {
    region,
    credentials: {
      accessKeyId,
      secretAccessKey,
      ...(sessionToken === undefined ? {} : { sessionToken }),
    },
    requestHandler: egressHandler(egress),
    // The names of an endpoint of one's own say nothing of FIPS or dual-stack; the SDK refuses the two together.
    useFipsEndpoint: isFips && endpoint === undefined,
    useDualstackEndpoint: isDualStack && endpoint === undefined,
    ignoreConfiguredEndpointUrls: true,
    ...(endpoint === undefined ? {} : { endpoint }),
    maxAttempts: 3,
    retryMode: 'standard',
    defaultsMode: 'standard' as const,
    authSchemePreference: [],
    userAgentAppId: 'imageyard',
  };
}
