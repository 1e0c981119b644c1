import { z } from 'zod';
import type { EgressAllowance } from '@/lib/registry/egress-policy';
import type { Egress } from '@/lib/registry/egress';
import { RegistryError } from '@/lib/registry/errors';
import { parseJson } from '@/lib/registry/evidence';
import type { AwsKeys, AwsPlace } from './aws-client';
import { assumeRoleWithToken } from './aws-role';
import { CLOUD_LIMITS, type CloudIo } from './cloud';

/** The variables by which AWS tells a process who it is. */
export type AwsVariables = Partial<
  Record<
    | 'AWS_ACCESS_KEY_ID'
    | 'AWS_SECRET_ACCESS_KEY'
    | 'AWS_SESSION_TOKEN'
    | 'AWS_ROLE_ARN'
    | 'AWS_WEB_IDENTITY_TOKEN_FILE'
    | 'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI'
    | 'AWS_CONTAINER_CREDENTIALS_FULL_URI'
    | 'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE',
    string
  >
>;

/** Where this process runs, as far as AWS has to do with it. */
export type AwsSurroundings = {
  variables: AwsVariables;
  readFile: (path: string) => Promise<string>;
  /** An egress that reaches exactly this address, for one conversation. */
  openMetadata: (allowance: EgressAllowance) => Egress;
  /** The address of the instance's metadata service, when it is not AWS's own. */
  instanceOrigin?: string;
};

/** The addresses at which ECS (tasks) and EKS (pod identities) hand out credentials, each written out. */
const CONTAINER_HOSTS: Record<string, string> = {
  '169.254.170.2': '169.254.170.2/32',
  '169.254.170.23': '169.254.170.23/32',
  '[fd00:ec2::23]': 'fd00:ec2::23/128',
  '127.0.0.1': '127.0.0.1/32',
};
const INSTANCE = 'http://169.254.169.254';

/**
 * The identity of this server itself: from its environment, its cluster's token, its task or pod, or its instance, in
 * that order, the first that is there. Never from a file of profiles, and no program is run for it. Only for an
 * owner who chose it. Throws CLOUD_IDENTITY_MISSING, and as `assumeRole` does.
 */
export async function ambientAwsKeys(
  surroundings: AwsSurroundings,
  sessionName: string,
  sts: AwsPlace,
  io: CloudIo,
): Promise<AwsKeys> {
  const { variables, readFile } = surroundings;
  if (variables.AWS_ACCESS_KEY_ID && variables.AWS_SECRET_ACCESS_KEY) {
    return {
      accessKeyId: variables.AWS_ACCESS_KEY_ID,
      secretAccessKey: variables.AWS_SECRET_ACCESS_KEY,
      ...(variables.AWS_SESSION_TOKEN
        ? { sessionToken: variables.AWS_SESSION_TOKEN }
        : {}),
    };
  }
  if (variables.AWS_WEB_IDENTITY_TOKEN_FILE && variables.AWS_ROLE_ARN) {
    const token = await readFile(variables.AWS_WEB_IDENTITY_TOKEN_FILE);
    return assumeRoleWithToken(
      token.trim(),
      variables.AWS_ROLE_ARN,
      sessionName,
      sts,
      io,
    );
  }
  const container = containerUrl(variables);
  try {
    return container
      ? await fromContainer(container, surroundings)
      : await fromInstance(surroundings);
  } catch (cause) {
    throw new RegistryError(
      'CLOUD_IDENTITY_MISSING',
      container
        ? 'This server’s task or pod was given no AWS credentials.'
        : 'This server has no AWS identity: no keys in its environment, no role of a task or pod, and no instance profile.',
      { cause },
    );
  }
}

function containerUrl(variables: AwsVariables): URL | null {
  const relative = variables.AWS_CONTAINER_CREDENTIALS_RELATIVE_URI;
  if (relative) return new URL(relative, 'http://169.254.170.2');
  const full = variables.AWS_CONTAINER_CREDENTIALS_FULL_URI;
  return full ? new URL(full) : null;
}

async function fromContainer(
  url: URL,
  { variables, readFile, openMetadata }: AwsSurroundings,
): Promise<AwsKeys> {
  const tokenFile = variables.AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE;
  const token = tokenFile ? (await readFile(tokenFile)).trim() : null;
  const egress = openMetadata(allowanceFor(url));
  try {
    const body = await read(egress, {
      url,
      method: 'GET',
      headers: token === null ? {} : { authorization: token },
    });
    return parseKeys(body);
  } finally {
    await egress.close();
  }
}

/** IMDSv2 alone: a session token first, which a server-side request forgery could not have got. */
async function fromInstance({
  openMetadata,
  instanceOrigin = INSTANCE,
}: AwsSurroundings): Promise<AwsKeys> {
  const at = (path: string) => new URL(path, instanceOrigin);
  const egress = openMetadata(allowanceFor(at('/')));
  try {
    const token = await read(egress, {
      url: at('/latest/api/token'),
      method: 'PUT',
      headers: { 'x-aws-ec2-metadata-token-ttl-seconds': '60' },
    });
    const headers = { 'x-aws-ec2-metadata-token': token };
    const roles = '/latest/meta-data/iam/security-credentials/';
    const names = await read(egress, {
      url: at(roles),
      method: 'GET',
      headers,
    });
    const [role = ''] = names.split('\n');
    const body = await read(egress, {
      url: at(`${roles}${encodeURIComponent(role.trim())}`),
      method: 'GET',
      headers,
    });
    return parseKeys(body);
  } finally {
    await egress.close();
  }
}

function allowanceFor(url: URL): EgressAllowance {
  const port = Number(url.port) || (url.protocol === 'http:' ? 80 : 443);
  const cidr = CONTAINER_HOSTS[url.hostname];
  return {
    host: url.hostname,
    port,
    scheme: url.protocol === 'http:' ? 'http' : 'https',
    cidrs: [cidr ?? '169.254.169.254/32'],
  };
}

async function read(
  egress: Egress,
  request: Pick<Parameters<Egress['request']>[0], 'url' | 'method' | 'headers'>,
): Promise<string> {
  const answer = await egress.request({
    ...request,
    limits: { ...CLOUD_LIMITS, totalMs: 5_000, connectMs: 1_000 },
  });
  if (answer.status !== 200)
    throw new Error(`The metadata service answered ${String(answer.status)}.`);
  return answer.body.toString('utf8');
}

const Keys = z.object({
  AccessKeyId: z.string().min(1),
  SecretAccessKey: z.string().min(1),
  Token: z.string().min(1),
  Expiration: z.coerce.date(),
});

function parseKeys(body: string): AwsKeys {
  // The error of a parser quotes what it could not read, and this must not reach a log.
  const read = Keys.safeParse(parseJson(Buffer.from(body)));
  if (!read.success)
    throw new Error('The metadata service gave no usable credentials.');
  const keys = read.data;
  return {
    accessKeyId: keys.AccessKeyId,
    secretAccessKey: keys.SecretAccessKey,
    sessionToken: keys.Token,
    expiresAt: keys.Expiration,
  };
}
