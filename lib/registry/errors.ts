import { AppError, type ErrorCode } from '@/lib/errors';

export type RegistryErrorCode = Extract<
  ErrorCode,
  `REGISTRY_${string}` | `CLOUD_${string}` | 'REFERENCE_INVALID'
>;

/** Where on the way a request ended: name look-up and connection, TLS, the token server, the registry, its storage. */
export type RegistryStage =
  'connect' | 'tls' | 'token' | 'registry' | 'storage';

/** What made a certificate or a TLS handshake unusable. `not_tls`: the port speaks plain http. */
export type TlsFault =
  'untrusted' | 'expired' | 'wrong_name' | 'not_tls' | 'handshake';

/** What a rule of the egress policy refused. */
export type BlockReason =
  | 'scheme'
  | 'userinfo'
  | 'port'
  | 'address'
  | 'redirect'
  | 'realm'
  | 'upload_location';

/** Machine-readable facts beside the message. Safe to store: no address, token, query or upstream text. */
export type RegistryFacts = {
  stage?: RegistryStage;
  status?: number;
  /** `errors[].code` of the answer: at most 64 of A–Z and underscore. */
  upstreamCode?: string;
  tlsFault?: TlsFault;
  blocked?: BlockReason;
  /** The token server a credential would have gone to, e.g. `https://auth.example.com`. */
  realmOrigin?: string;
  /** ISO time before which asking again is pointless. */
  retryAt?: string;
  /** The registry's challenges could not be used, or its token server gave no token. */
  misconfiguredAuth?: boolean;
};

/** A failure of the registry folder. The message is for the user; `facts` is for code; `cause` is for the log. */
export class RegistryError extends AppError {
  declare readonly code: RegistryErrorCode;
  readonly facts: RegistryFacts;

  constructor(
    code: RegistryErrorCode,
    message: string,
    options: { cause?: unknown; facts?: RegistryFacts } = {},
  ) {
    super(code, message, { cause: options.cause });
    this.name = 'RegistryError';
    this.facts = options.facts ?? {};
  }
}
