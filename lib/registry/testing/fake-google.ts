import {
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomUUID,
  verify,
} from 'node:crypto';
import {
  type PlainReply,
  type PlainServer,
  startPlainServer,
} from './fake-server';

export type FakeGoogle = PlainServer & {
  /** Where the JWT bearer grant goes. */
  tokenUrl: string;
  /** A key file as the console downloads it, for an account the server knows. */
  keyFile: string;
  clientEmail: string;
  /** Access tokens that were handed out, newest last. */
  tokens: string[];
  /** Paths asked of the metadata server. */
  metadata: string[];
  /** What the account has become: the key deleted, the account deleted or disabled. */
  become: (state: 'fine' | 'key_deleted' | 'deleted' | 'disabled') => void;
};

// Making one takes a good second; the fakes of a process share it.
let pair: { privateKey: KeyObject } | undefined;

const AUDIENCE = 'https://oauth2.googleapis.com/token';
const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const LIFE_SECONDS = 3600;

/**
 * Starts a server that speaks as much of Google's token endpoint and metadata server as Imageyard uses. It verifies the
 * assertion's RS256 signature itself, with the public key, and refuses other signatures, audiences, accounts and times.
 */
export async function startFakeGoogle(
  options: { now?: () => number; hasInstance?: boolean } = {},
): Promise<FakeGoogle> {
  const { now = Date.now, hasInstance = false } = options;
  const { privateKey } = (pair ??= generateKeyPairSync('rsa', {
    modulusLength: 2048,
  }));
  const keyId = randomUUID().replaceAll('-', '');
  const clientEmail = 'imageyard@my-project.iam.gserviceaccount.com';
  const keyFile = JSON.stringify(
    {
      type: 'service_account',
      project_id: 'my-project',
      private_key_id: keyId,
      private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
      client_email: clientEmail,
      client_id: '100000000000000000000',
      auth_uri: 'https://accounts.google.com/o/oauth2/auth',
      // A file does not decide where a server sends what it signs.
      token_uri: 'https://evil.example.com/token',
      universe_domain: 'googleapis.com',
    },
    null,
    2,
  );
  const tokens: string[] = [];
  const metadata: string[] = [];
  let state: Parameters<FakeGoogle['become']>[0] = 'fine';

  function issue(): PlainReply {
    const token = `ya29.fake-${String(tokens.length + 1)}`;
    tokens.push(token);
    return json(200, {
      access_token: token,
      expires_in: LIFE_SECONDS,
      token_type: 'Bearer',
    });
  }

  function grant(body: string): PlainReply {
    const form = new URLSearchParams(body);
    if (form.get('grant_type') !== GRANT)
      return refuse('unsupported_grant_type', 'Invalid grant_type');
    if (state === 'deleted')
      return refuse('invalid_grant', 'Invalid grant: account not found');
    if (state === 'disabled')
      return refuse('invalid_grant', 'Service account is disabled');
    const assertion = readAssertion(
      form.get('assertion') ?? '',
      createPublicKey(privateKey),
    );
    if (!assertion || state === 'key_deleted' || assertion.kid !== keyId)
      return refuse('invalid_grant', 'Invalid JWT Signature.');
    const { iss, aud, iat, exp, scope } = assertion.claims;
    const seconds = now() / 1000;
    const isTimely =
      Math.abs(seconds - iat) < 300 && exp > seconds && exp - iat <= 3600;
    if (!isTimely) {
      return refuse(
        'invalid_grant',
        'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.',
      );
    }
    if (
      iss !== clientEmail ||
      aud !== AUDIENCE ||
      !scope.startsWith('https://')
    )
      return refuse('invalid_grant', 'Invalid JWT: claims');
    return issue();
  }

  const server = await startPlainServer((request) => {
    if (request.path === '/token') return grant(request.body);
    if (request.path.startsWith('/computeMetadata/')) {
      metadata.push(request.path);
      const isAsked = request.headers['metadata-flavor'] === 'Google';
      return hasInstance && isAsked ? issue() : { status: isAsked ? 404 : 403 };
    }
    return { status: 404 };
  });
  return {
    ...server,
    tokenUrl: `${server.origin}/token`,
    keyFile,
    clientEmail,
    tokens,
    metadata,
    become: (next) => {
      state = next;
    },
  };
}

type Claims = {
  iss: string;
  aud: string;
  iat: number;
  exp: number;
  scope: string;
};

/** The claims of a JWT (RFC 7519) whose RS256 signature the key verifies, else `null`. */
function readAssertion(
  jwt: string,
  key: KeyObject,
): { kid: string; claims: Claims } | null {
  const [head = '', claims = '', signature = ''] = jwt.split('.');
  const { alg, kid } = decode(head) as { alg?: string; kid?: string };
  const isRight =
    alg === 'RS256' &&
    verify(
      'RSA-SHA256',
      Buffer.from(`${head}.${claims}`),
      key,
      Buffer.from(signature, 'base64url'),
    );
  return isRight ? { kid: kid ?? '', claims: decode(claims) as Claims } : null;
}

function decode(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  } catch {
    return {};
  }
}

function json(status: number, body: unknown): PlainReply {
  return {
    status,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
}

function refuse(error: string, description: string): PlainReply {
  return json(400, { error, error_description: description });
}
