import {
  type PlainReply,
  type PlainRequest,
  type PlainServer,
  startPlainServer,
} from './fake-server';
import { json, refuseJson, refuseXml, sessionXml } from './fake-aws-replies';
import { computeSignature, readSignature } from './sigv4';

export type FakeIdentity = {
  secretAccessKey: string;
  /** IAM actions it may perform, `*` for all. */
  allow: string[];
  /** Temporary keys must bring it. */
  sessionToken?: string;
  /** ISO instant after which it is refused. */
  expiresAt?: string;
};

export type FakeRole = {
  /** Access key IDs that may assume it. */
  trusts: string[];
  externalId?: string;
  allow: string[];
  /** What a cluster's token must be to assume it. */
  webIdentityToken?: string;
};

export type FakeAwsOptions = {
  region?: string;
  identities: Record<string, FakeIdentity>;
  roles?: Record<string, FakeRole>;
  /** Repositories there already. */
  repositories?: string[];
  /** The server's clock, Unix ms. */
  now?: () => number;
  passwordSeconds?: number;
  /** Roles of the instance that it runs on, with their keys, for its metadata service. */
  instance?: { role: string; accessKeyId: string };
};

export type FakeAws = PlainServer & {
  /** `service:Action` of every call whose signature was right, in order. */
  calls: string[];
  /** Session names under which roles were assumed. */
  sessions: string[];
  /** Passwords that were handed out and still count, newest last. */
  passwords: string[];
  repositories: Set<string>;
  /** Paths asked of the instance's metadata service. */
  metadata: string[];
};

const SKEW_MS = 5 * 60_000;
const TARGETS: Record<string, string> = {
  AmazonEC2ContainerRegistry_V20150921: 'ecr',
  SpencerFrontendService: 'ecr-public',
};

/**
 * Starts a server that speaks as much of ECR, ECR Public, STS and EC2's metadata service as Imageyard uses. It computes
 * every signature itself, from the published rules of Signature Version 4, and refuses what does not fit: other keys,
 * changed bodies, times off by more than five minutes, scopes of another region or service.
 *
 * @example
 * const aws = await startFakeAws({ identities: { AKIA1: { secretAccessKey: 's', allow: ['*'] } } });
 */
export async function startFakeAws(options: FakeAwsOptions): Promise<FakeAws> {
  const { region = 'eu-west-1', roles = {}, now = Date.now } = options;
  const { passwordSeconds = 43_200, instance } = options;
  const identities: Record<string, FakeIdentity> = { ...options.identities };
  const facts = {
    calls: [] as string[],
    sessions: [] as string[],
    passwords: [] as string[],
    repositories: new Set(options.repositories),
    metadata: [] as string[],
  };
  function answer(request: PlainRequest): PlainReply {
    if (request.path.startsWith('/latest/')) return answerMetadata(request);
    const target = request.headers['x-amz-target'] ?? '';
    const [prefix = '', action = ''] = target.split('.');
    const form = new URLSearchParams(request.body);
    const service = TARGETS[prefix] ?? 'sts';
    const name = `${service}:${action || (form.get('Action') ?? '')}`;
    const refuse = service === 'sts' ? refuseXml : refuseJson;
    if (name === 'sts:AssumeRoleWithWebIdentity') return assumeByToken(form);
    const judged = judge(request, service);
    if ('fault' in judged) return refuse(...judged.fault);
    facts.calls.push(name);
    if (name === 'sts:AssumeRole') return assume(form, judged.accessKeyId);
    const { allow } = judged.identity;
    if (!allow.includes('*') && !allow.includes(name)) {
      return refuse(
        400,
        'AccessDeniedException',
        `User: arn:aws:iam::123456789012:user/ci is not authorized to perform: ${name} on resource: * because no identity-based policy allows the ${name} action`,
      );
    }
    if (action === 'GetAuthorizationToken') return issue(service);
    if (action === 'CreateRepository') return create(request);
    return refuse(400, 'UnknownOperationException', '');
  }

  function judge(
    request: PlainRequest,
    service: string,
  ):
    | { accessKeyId: string; identity: FakeIdentity }
    | { fault: [number, string, string] } {
    const signature = readSignature(request.headers.authorization ?? '');
    if (!signature) return { fault: [400, 'IncompleteSignature', ''] };
    const { accessKeyId, date } = signature;
    const identity = identities[accessKeyId];
    const unknown =
      service === 'sts'
        ? 'InvalidClientTokenId'
        : 'UnrecognizedClientException';
    const mismatch =
      service === 'sts' ? 'SignatureDoesNotMatch' : 'InvalidSignatureException';
    if (!identity) {
      return {
        fault: [
          403,
          unknown,
          'The security token included in the request is invalid.',
        ],
      };
    }
    const sentAt = request.headers['x-amz-date'] ?? '';
    const sentMs = Date.parse(
      sentAt.replace(
        /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/,
        '$1-$2-$3T$4:$5:$6Z',
      ),
    );
    if (!(Math.abs(sentMs - now()) <= SKEW_MS) || !sentAt.startsWith(date)) {
      return {
        fault: [403, mismatch, `Signature expired: ${sentAt} is now earlier`],
      };
    }
    if (signature.region !== region) {
      return {
        fault: [
          403,
          mismatch,
          `Credential should be scoped to a valid region, not '${signature.region}'.`,
        ],
      };
    }
    const wanted = computeSignature(
      request,
      signature,
      identity.secretAccessKey,
    );
    const isRight =
      wanted === signature.signature &&
      signature.service === service &&
      ['host', 'x-amz-date'].every((name) =>
        signature.signedHeaders.includes(name),
      );
    if (!isRight) {
      return {
        fault: [
          403,
          mismatch,
          'The request signature we calculated does not match the signature you provided.',
        ],
      };
    }
    if (
      identity.sessionToken !==
      (request.headers['x-amz-security-token'] ?? undefined)
    )
      return {
        fault: [
          403,
          unknown,
          'The security token included in the request is invalid.',
        ],
      };
    if (
      identity.expiresAt !== undefined &&
      Date.parse(identity.expiresAt) <= now()
    )
      return {
        fault: [
          403,
          'ExpiredTokenException',
          'The security token included in the request is expired',
        ],
      };
    return { accessKeyId, identity };
  }

  function assume(form: URLSearchParams, by: string): PlainReply {
    const arn = form.get('RoleArn') ?? '';
    const role = roles[arn];
    if (
      !role?.trusts.includes(by) ||
      (role.externalId ?? null) !== form.get('ExternalId')
    ) {
      return refuseXml(
        403,
        'AccessDenied',
        `User: arn:aws:iam::123456789012:user/ci is not authorized to perform: sts:AssumeRole on resource: ${arn}`,
      );
    }
    return openSession(form, role, 'AssumeRole');
  }

  function assumeByToken(form: URLSearchParams): PlainReply {
    const role = roles[form.get('RoleArn') ?? ''];
    const token = form.get('WebIdentityToken');
    if (!role?.webIdentityToken || token !== role.webIdentityToken)
      return refuseXml(
        403,
        'AccessDenied',
        'Not authorized to perform sts:AssumeRoleWithWebIdentity',
      );
    facts.calls.push('sts:AssumeRoleWithWebIdentity');
    return openSession(form, role, 'AssumeRoleWithWebIdentity');
  }

  function openSession(
    form: URLSearchParams,
    role: FakeRole,
    action: string,
  ): PlainReply {
    facts.sessions.push(form.get('RoleSessionName') ?? '');
    const accessKeyId = `ASIA${String(facts.sessions.length).padStart(12, '0')}`;
    const identity: FakeIdentity = {
      secretAccessKey: `secret-of-${accessKeyId}`,
      sessionToken: `token-of-${accessKeyId}`,
      expiresAt: new Date(
        now() + Number(form.get('DurationSeconds') ?? 3600) * 1000,
      ).toISOString(),
      allow: role.allow,
    };
    identities[accessKeyId] = identity;
    return sessionXml(action, accessKeyId, identity);
  }

  function issue(service: string): PlainReply {
    const password = `ecr-password-${String(facts.passwords.length + 1)}`;
    facts.passwords.push(password);
    const data = {
      authorizationToken: Buffer.from(`AWS:${password}`).toString('base64'),
      expiresAt: now() / 1000 + passwordSeconds,
      proxyEndpoint: 'https://123456789012.dkr.ecr.eu-west-1.amazonaws.com',
    };
    return json(200, {
      authorizationData: service === 'ecr' ? [data] : data,
    });
  }

  function create({ body }: PlainRequest): PlainReply {
    const { repositoryName = '' } = JSON.parse(body) as {
      repositoryName?: string;
    };
    if (facts.repositories.has(repositoryName)) {
      return refuseJson(
        400,
        'RepositoryAlreadyExistsException',
        'The repository exists',
      );
    }
    facts.repositories.add(repositoryName);
    return json(200, { repository: { repositoryName } });
  }

  function answerMetadata({ method, path, headers }: PlainRequest): PlainReply {
    facts.metadata.push(`${method} ${path}`);
    if (!instance) return { status: 404 };
    if (method === 'PUT' && path === '/latest/api/token')
      return { status: 200, body: 'imds-token' };
    // Version 1, without a token, is what a forged request could ask.
    if (headers['x-aws-ec2-metadata-token'] !== 'imds-token')
      return { status: 401 };
    const roles = '/latest/meta-data/iam/security-credentials/';
    if (path === roles) return { status: 200, body: instance.role };
    const identity = identities[instance.accessKeyId];
    if (path !== `${roles}${instance.role}` || !identity)
      return { status: 404 };
    return json(200, {
      Code: 'Success',
      AccessKeyId: instance.accessKeyId,
      SecretAccessKey: identity.secretAccessKey,
      Token: identity.sessionToken,
      Expiration: identity.expiresAt,
    });
  }

  const server = await startPlainServer((request) => {
    const { headers, ...reply } = answer(request);
    const date = new Date(now()).toUTCString();
    return { ...reply, headers: { date, ...headers } };
  });
  return { ...server, ...facts };
}
