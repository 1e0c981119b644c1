import { RegistryError } from '@/lib/registry/errors';

/** The call that failed: the IAM action it needs, and the name people know it by. */
export type AwsCall = {
  action: string;
  /** What was asked, as the object of "may not". */
  what: string;
  host: string;
  roleArn?: string;
};

/** What the SDK throws: an answer of AWS, by name and text. The text is read, never repeated. */
type AwsFailure = { name: string; message: string; status: number | undefined };

/**
 * Puts a failure of an AWS call in our words. Throws nothing; the answer is to be thrown: `CLOUD_…`,
 * `REGISTRY_RATE_LIMITED`, or the egress's own `REGISTRY_TLS` and `REGISTRY_BLOCKED`.
 */
export function toAwsError(error: unknown, call: AwsCall): RegistryError {
  if (error instanceof RegistryError) return ofTheWay(error, call.host);
  const failure = failureOf(error);
  const [code, message] = judge(failure, call);
  return new RegistryError(code, message, { cause: loggable(error, failure) });
}

/**
 * What the log may hold. An answer of AWS may repeat the request it refuses, session token included, so of an answer only
 * the name and status are kept.
 */
function loggable(error: unknown, { name, status }: AwsFailure): unknown {
  return status === undefined
    ? error
    : new Error(`AWS answered ${name} with status ${String(status)}.`);
}

/** Unreachable names of a cloud are most often regions that do not exist, or networks without a way out. */
export function ofTheWay(error: RegistryError, host: string): RegistryError {
  if (error.code !== 'REGISTRY_UNREACHABLE') return error;
  return new RegistryError(
    'CLOUD_UNREACHABLE',
    `${host} cannot be reached from this server.`,
    { cause: error, facts: error.facts },
  );
}

type Words = [RegistryError['code'], string];

function judge(failure: AwsFailure, call: AwsCall): Words {
  const { name, message, status } = failure;
  const { what, host } = call;
  const code = name.replace(/Exception$/, '');
  switch (code) {
    case 'InvalidClientTokenId':
    case 'UnrecognizedClient':
      return [
        'CLOUD_KEY_REFUSED',
        `AWS does not know this access key ID at ${host}. It was deleted or mistyped, or its account has not switched that region on.`,
      ];
    case 'SignatureDoesNotMatch':
    case 'InvalidSignature':
    case 'RequestExpired':
    case 'RequestTimeTooSkewed':
      return judgeSignature(code, message, host);
    case 'ExpiredToken':
      return [
        'CLOUD_KEY_REFUSED',
        'The AWS credentials have expired. Temporary ones end within hours: store a lasting access key.',
      ];
    case 'RegionDisabled':
      return [
        'CLOUD_REGION_WRONG',
        `The AWS account has not switched the region of ${host} on.`,
      ];
    case 'AccessDenied':
    case 'UnauthorizedAccess':
    case 'OptInRequired':
      return judgeDenial(message, call);
    case 'Throttling':
    case 'TooManyRequests':
    case 'RequestLimitExceeded':
    case 'LimitExceeded':
      return ['REGISTRY_RATE_LIMITED', `${host} asks to wait.`];
    case 'ValidationError':
    case 'Validation':
    case 'InvalidParameter':
      return [
        'CLOUD_FAILED',
        call.roleArn === undefined
          ? `AWS does not accept the request to ${what}.`
          : 'AWS does not accept the role’s ARN or the external ID.',
      ];
    default:
      return [
        'CLOUD_FAILED',
        `AWS refused to ${what}${status === undefined ? '' : ` with status ${status}`}.`,
      ];
  }
}

function judgeSignature(code: string, message: string, host: string): Words {
  const isSkewed =
    code.startsWith('Request') ||
    /signature expired|not yet current/i.test(message);
  if (isSkewed) {
    return [
      'CLOUD_CLOCK_SKEW',
      'The clock of this server is more than five minutes off, so AWS refuses what it signs.',
    ];
  }
  if (/scoped to/i.test(message)) {
    return [
      'CLOUD_REGION_WRONG',
      `${host} belongs to another region than the registry’s host says.`,
    ];
  }
  return [
    'CLOUD_KEY_REFUSED',
    'AWS knows the access key ID, but not with this secret access key.',
  ];
}

const PERFORM = /not authorized to perform: ([a-z0-9-]+:[A-Za-z0-9*]+)/;

function judgeDenial(
  message: string,
  { action, what, roleArn }: AwsCall,
): Words {
  const named = PERFORM.exec(message)?.[1] ?? action;
  if (named.startsWith('sts:AssumeRole') && roleArn !== undefined) {
    return [
      'CLOUD_ROLE_REFUSED',
      `The role ${roleArn} may not be assumed: its trust policy must allow ${named} to this identity (and the external ID fit), and the identity’s own policy too.`,
    ];
  }
  return [
    'CLOUD_NOT_PERMITTED',
    `The AWS identity may not ${what}: its policy must allow ${named}.`,
  ];
}

function failureOf(error: unknown): AwsFailure {
  const { name, message, $metadata } = (error ?? {}) as {
    name?: unknown;
    message?: unknown;
    $metadata?: { httpStatusCode?: number };
  };
  return {
    name: typeof name === 'string' ? name : '',
    message: typeof message === 'string' ? message : '',
    status: $metadata?.httpStatusCode,
  };
}
