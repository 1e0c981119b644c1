import type { EgressAllowance } from '@/lib/registry/egress-policy';
import type { Egress } from '@/lib/registry/egress';
import { RegistryError } from '@/lib/registry/errors';
import { parseEcrHost } from '@/lib/registry/kinds/ecr';
import { garLocation } from '@/lib/registry/kinds/gar';
import { ambientAwsKeys, type AwsSurroundings } from './aws-ambient';
import type { AwsKeys, AwsPlace } from './aws-client';
import { assumeRole, type AwsRole } from './aws-role';
import type { CloudIo, Minted } from './cloud';
import {
  createEcrRepository,
  type EcrFlavour,
  mintEcr,
  type RepositoryOutcome,
} from './ecr';
import { mintGcpAmbient, mintGcpKey } from './gcp';

/** A stored cloud credential with its secret in the clear. */
export type CloudCredential =
  | {
      method: 'aws_keys';
      accessKeyId: string;
      secretAccessKey: string;
    }
  | {
      method: 'aws_role';
      accessKeyId: string;
      secretAccessKey: string;
      role: AwsRole;
    }
  | { method: 'aws_ambient'; role: AwsRole | null }
  | { method: 'gcp_key'; keyFile: string }
  | { method: 'gcp_ambient' };

/** The registry a login is for, and where its provider is asked when not at its usual address. */
export type CloudRegistry = {
  host: string;
  endpoint: string | undefined;
  stsEndpoint: string | undefined;
};

export type MintTools = CloudIo & {
  surroundings: Omit<AwsSurroundings, 'openMetadata'>;
  openMetadata: (allowance: EgressAllowance) => Egress;
  /** The address of Google's metadata server, when it is not Google's own. */
  googleOrigin?: string | undefined;
};

/**
 * Makes a login for a registry from a cloud credential. `sessionName` is what AWS notes of an assumed role. Throws
 * `CLOUD_…`, REGISTRY_RATE_LIMITED, REGISTRY_BLOCKED and REGISTRY_TLS, in our words and without any secret.
 */
export async function mintLogin(
  credential: CloudCredential,
  registry: CloudRegistry,
  sessionName: string,
  tools: MintTools,
): Promise<Minted> {
  // Whatever was stored: a token of the whole project goes to Google's own hosts alone.
  if (
    credential.method.startsWith('gcp_') &&
    garLocation(registry.host) === null
  )
    throw notOfCloud(registry.host, 'Google Artifact Registry');
  switch (credential.method) {
    case 'gcp_key':
      return mintGcpKey(credential.keyFile, registry.endpoint, tools);
    case 'gcp_ambient':
      return mintGcpAmbient(tools.openMetadata, tools.now, tools.googleOrigin);
    case 'aws_keys':
    case 'aws_role':
    case 'aws_ambient': {
      const { flavour, place, sts } = awsPlaces(registry);
      const keys = await awsKeys(credential, sts, sessionName, tools);
      return mintEcr(flavour, keys, place, tools);
    }
  }
}

/** Makes the repository of a push at Amazon when it is missing; `null` where pushes make it, or the owner must. */
export async function makeRepository(
  credential: CloudCredential,
  registry: CloudRegistry,
  path: string,
  sessionName: string,
  tools: MintTools,
): Promise<RepositoryOutcome | null> {
  if (credential.method === 'gcp_key' || credential.method === 'gcp_ambient')
    return null;
  const { flavour, place, sts, account } = awsPlaces(registry);
  const keys = await awsKeys(credential, sts, sessionName, tools);
  // On ECR Public the first part of the path is the registry's alias, not the repository's.
  const name =
    flavour === 'ecr' ? path : path.split('/').slice(1).join('/') || path;
  return createEcrRepository(flavour, { name, account }, keys, place, tools);
}

async function awsKeys(
  credential: Extract<CloudCredential, { method: `aws_${string}` }>,
  sts: AwsPlace,
  sessionName: string,
  tools: MintTools,
): Promise<AwsKeys> {
  const own =
    credential.method === 'aws_ambient'
      ? await ambientAwsKeys(
          { ...tools.surroundings, openMetadata: tools.openMetadata },
          sessionName,
          sts,
          tools,
        )
      : {
          accessKeyId: credential.accessKeyId,
          secretAccessKey: credential.secretAccessKey,
        };
  const role = credential.method === 'aws_keys' ? null : credential.role;
  return role ? assumeRole(own, role, sessionName, sts, tools) : own;
}

/** Where ECR and STS are asked for a registry, read from its host. */
function awsPlaces({ host, endpoint, stsEndpoint }: CloudRegistry): {
  flavour: EcrFlavour;
  place: AwsPlace;
  sts: AwsPlace;
  account: string | null;
} {
  if (host === 'public.ecr.aws') {
    const place = { region: 'us-east-1', isFips: false, isDualStack: false };
    return {
      flavour: 'ecr-public',
      place: { ...place, endpoint },
      sts: { ...place, endpoint: stsEndpoint },
      account: null,
    };
  }
  const found = parseEcrHost(host);
  if (!found) throw notOfCloud(host, 'Amazon ECR');
  const { account, region, isFips, isDualStack } = found;
  const place = { region, isFips, isDualStack };
  return {
    flavour: 'ecr',
    place: { ...place, endpoint },
    sts: { ...place, endpoint: stsEndpoint },
    account,
  };
}

function notOfCloud(host: string, cloud: string): RegistryError {
  return new RegistryError(
    'CLOUD_REGION_WRONG',
    `${host} is no host of ${cloud}, so no login is made for it.`,
  );
}
