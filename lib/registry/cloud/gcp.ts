import { importPKCS8, SignJWT } from 'jose';
import { z } from 'zod';
import type { Egress } from '@/lib/registry/egress';
import type { EgressAllowance } from '@/lib/registry/egress-policy';
import { RegistryError } from '@/lib/registry/errors';
import { parseJson } from '@/lib/registry/evidence';
import { readGcpKey } from '@/lib/registry/gcp-key';
import { ofTheWay } from './aws-errors';
import { CLOUD_LIMITS, type CloudIo, type Minted } from './cloud';

/** The user name under which Google's registries take an access token. */
export const GCP_USERNAME = 'oauth2accesstoken';

const TOKEN_URL = 'https://oauth2.googleapis.com/token';
const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';
const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
/** The longest Google takes. */
const ASSERTION_SECONDS = 3600;
const METADATA = 'http://169.254.169.254';
const METADATA_PATH =
  '/computeMetadata/v1/instance/service-accounts/default/token';

const Token = z.object({
  access_token: z.string().min(1),
  expires_in: z.number().positive(),
});
const Failure = z.object({
  error: z.string(),
  error_description: z.string().default(''),
});

/**
 * An access token for Google's registries from a service account's key file, by the JWT bearer grant (RFC 7523): good for
 * an hour. The key's own `token_uri` is not followed: a key file does not decide where this server sends what it
 * signs. Throws CLOUD_KEY_REFUSED, CLOUD_CLOCK_SKEW, CLOUD_UNREACHABLE, CLOUD_FAILED.
 */
export async function mintGcpKey(
  keyFile: string,
  endpoint: string | undefined,
  { egress, now }: CloudIo,
): Promise<Minted> {
  const reading = readGcpKey(keyFile);
  if (!reading.ok) throw new RegistryError('CLOUD_KEY_REFUSED', reading.fault);
  const { key } = reading;
  const nowSeconds = Math.floor(now() / 1000);
  const privateKey = await importPKCS8(key.privateKey, 'RS256').catch(
    (cause: unknown) => {
      throw new RegistryError(
        'CLOUD_KEY_REFUSED',
        'The private key in the key file cannot be used.',
        { cause },
      );
    },
  );
  const assertion = await new SignJWT({ scope: SCOPE })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: key.privateKeyId })
    .setIssuer(key.clientEmail)
    .setSubject(key.clientEmail)
    .setAudience(TOKEN_URL)
    .setIssuedAt(nowSeconds)
    .setExpirationTime(nowSeconds + ASSERTION_SECONDS)
    .sign(privateKey);
  const url = new URL(endpoint ?? TOKEN_URL);
  const answer = await egress
    .request({
      url,
      method: 'POST',
      headers: {
        accept: 'application/json',
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: new URLSearchParams({ grant_type: GRANT, assertion }).toString(),
      limits: CLOUD_LIMITS,
    })
    .catch((error: unknown) => {
      throw error instanceof RegistryError ? ofTheWay(error, url.host) : error;
    });
  if (answer.status !== 200)
    throw refused(answer.status, parseJson(answer.body), key.clientEmail);
  return toMinted(answer.body, now());
}

/**
 * An access token of the service account this server runs as, from the metadata server. Only for an owner who chose it.
 * `openMetadata` opens an egress to exactly the address given. Throws CLOUD_IDENTITY_MISSING.
 */
export async function mintGcpAmbient(
  openMetadata: (allowance: EgressAllowance) => Egress,
  now: () => number,
  origin: string = METADATA,
): Promise<Minted> {
  const url = new URL(METADATA_PATH, origin);
  const egress = openMetadata({
    host: url.hostname,
    port: Number(url.port) || 80,
    scheme: 'http',
    cidrs: [`${url.hostname}/32`],
  });
  try {
    const answer = await egress.request({
      url,
      method: 'GET',
      headers: { 'metadata-flavor': 'Google' },
      limits: { ...CLOUD_LIMITS, totalMs: 5_000, connectMs: 1_000 },
    });
    if (answer.status !== 200)
      throw new Error(`The metadata server answered ${String(answer.status)}.`);
    return toMinted(answer.body, now());
  } catch (cause) {
    throw new RegistryError(
      'CLOUD_IDENTITY_MISSING',
      'This server has no Google identity: no metadata server gave it a token.',
      { cause },
    );
  } finally {
    await egress.close();
  }
}

function refused(
  status: number,
  body: unknown,
  clientEmail: string,
): RegistryError {
  const failure = Failure.safeParse(body).data;
  const text = failure?.error_description ?? '';
  if (/reasonable timeframe/i.test(text)) {
    return new RegistryError(
      'CLOUD_CLOCK_SKEW',
      'The clock of this server is off, so Google refuses what it signs.',
    );
  }
  if (status === 429)
    return new RegistryError('REGISTRY_RATE_LIMITED', 'Google asks to wait.');
  if (/account not found/i.test(text)) {
    return new RegistryError(
      'CLOUD_KEY_REFUSED',
      `Google does not know the service account ${clientEmail}: it was deleted.`,
    );
  }
  if (/disabled/i.test(text)) {
    return new RegistryError(
      'CLOUD_KEY_REFUSED',
      `The service account ${clientEmail} is disabled.`,
    );
  }
  return failure?.error === 'invalid_grant' ||
    failure?.error === 'invalid_client'
    ? new RegistryError(
        'CLOUD_KEY_REFUSED',
        `Google refuses this key of ${clientEmail}: it was deleted or has expired.`,
      )
    : new RegistryError(
        'CLOUD_FAILED',
        `Google refused to give a token with status ${String(status)}.`,
      );
}

function toMinted(body: Buffer, nowMs: number): Minted {
  const token = Token.safeParse(parseJson(body));
  if (!token.success)
    throw new RegistryError('CLOUD_FAILED', 'Google gave no access token.');
  return {
    username: GCP_USERNAME,
    password: token.data.access_token,
    expiresAt: new Date(nowMs + token.data.expires_in * 1000),
  };
}
