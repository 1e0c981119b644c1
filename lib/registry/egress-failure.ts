import { RegistryError, type TlsFault } from './errors';

const TLS_FAULTS: Record<string, TlsFault> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'untrusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'untrusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'untrusted',
  UNABLE_TO_GET_ISSUER_CERT: 'untrusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'untrusted',
  CERT_UNTRUSTED: 'untrusted',
  CERT_REVOKED: 'untrusted',
  INVALID_CA: 'untrusted',
  CERT_HAS_EXPIRED: 'expired',
  CERT_NOT_YET_VALID: 'expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'wrong_name',
  HOSTNAME_MISMATCH: 'wrong_name',
  ERR_SSL_WRONG_VERSION_NUMBER: 'not_tls',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'not_tls',
};

const TLS_MESSAGES: Record<TlsFault, string> = {
  untrusted: 'has a certificate that is not trusted here.',
  expired: 'has a certificate that is not valid at this time.',
  wrong_name: 'has a certificate for another name.',
  not_tls: 'does not speak TLS on this port; it may be a plain-http registry.',
  handshake: 'did not complete the TLS handshake.',
};

/**
 * One shape for whatever the network stack threw. Refused, timed out, reset and unknown names share one message, and
 * no address is named, so that the answers are of no use for scanning ports. What is a `RegistryError` already stays.
 */
export function toEgressError(error: unknown, host: string): RegistryError {
  if (error instanceof RegistryError) return error;
  const code = codeOf(error);
  const tlsFault =
    TLS_FAULTS[code] ??
    (/^ERR_(?:SSL|TLS)_|^EPROTO$/.test(code) ? 'handshake' : null);
  if (tlsFault) {
    return new RegistryError(
      'REGISTRY_TLS',
      `${host} ${TLS_MESSAGES[tlsFault]}`,
      {
        cause: error,
        facts: { stage: 'tls', tlsFault },
      },
    );
  }
  if (
    /^HPE_|^UND_ERR_(?:HEADERS_OVERFLOW|RESPONSE_STATUS_CODE|RES_CONTENT_LENGTH)/.test(
      code,
    )
  ) {
    return new RegistryError(
      'REGISTRY_INVALID_ANSWER',
      `${host} does not speak HTTP as expected.`,
      {
        cause: error,
        facts: { stage: 'registry' },
      },
    );
  }
  return unreachable(host, error);
}

/** The one message for every way of not being reachable. */
export function unreachable(host: string, cause?: unknown): RegistryError {
  return new RegistryError(
    'REGISTRY_UNREACHABLE',
    `${host} cannot be reached from this server.`,
    {
      cause,
      facts: { stage: 'connect' },
    },
  );
}

/** The answer went over a limit of size. */
export function tooLarge(
  host: string,
  maxBytes: number,
  status: number,
): RegistryError {
  return new RegistryError(
    'REGISTRY_INVALID_ANSWER',
    `${host} answered with more than ${String(Math.ceil(maxBytes / 1024))} KiB.`,
    { facts: { stage: 'registry', status } },
  );
}

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  if (error instanceof AggregateError && error.errors.length > 0)
    return codeOf(error.errors[0]);
  return 'cause' in error ? codeOf(error.cause) : '';
}
