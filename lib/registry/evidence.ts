import { z } from 'zod';
import { parseChallenges } from './challenge';
import { ADDRESS_CLASSES } from './egress-policy';
import { mediaTypeOf } from './media-types';
import { Quota, readQuota } from './quota';
import { DIGEST } from './schema';

export const EXCHANGE_PURPOSES = [
  'ping',
  'token',
  'manifest',
  'config',
  'layer',
  'blob',
  'tags',
  'catalog',
  'referrers',
  'upload',
] as const;
export type ExchangePurpose = (typeof EXCHANGE_PURPOSES)[number];

/**
 * One request and its answer, as kept for evidence. It holds no token, no query and no upstream text beyond short
 * header values; of the address only its class; of a failed request no duration, which would tell a closed port from
 * a silent one.
 */
export const Exchange = z.object({
  at: z.string(),
  purpose: z.enum(EXCHANGE_PURPOSES),
  identity: z.enum(['anonymous', 'credential']),
  method: z.string(),
  url: z.string(),
  status: z.number().nullable(),
  /** The error code when no answer came. */
  failure: z.string().nullable(),
  upstreamCode: z.string().nullable(),
  challenge: z.string().nullable(),
  digest: z.string().nullable(),
  mediaType: z.string().nullable(),
  sizeBytes: z.number().nullable(),
  rateLimit: z.string().nullable(),
  /** What the answer said of a pull limit. */
  quota: Quota.nullable().default(null),
  addressClass: z.enum(ADDRESS_CLASSES).nullable(),
  durationMs: z.number().nullable(),
});
export type Exchange = z.infer<typeof Exchange>;

export type Headers = Record<string, string | string[] | undefined>;

/** The first value of a header. */
export function header(headers: Headers, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** Every line of a header, in order. */
export function headerLines(headers: Headers, name: string): string[] {
  const value = headers[name];
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

/** `Docker-Content-Digest`, or null when it is absent or no digest. */
export function contentDigest(headers: Headers): string | null {
  const digest = header(headers, 'docker-content-digest')?.trim() ?? '';
  return DIGEST.test(digest) ? digest : null;
}

export function contentLength(headers: Headers): number | null {
  const text = header(headers, 'content-length') ?? '';
  return /^\d{1,15}$/.test(text) ? Number(text) : null;
}

/** The facts of an answer that are worth keeping. */
export function answerFacts(
  headers: Headers,
  body: Uint8Array,
): Pick<
  Exchange,
  | 'upstreamCode'
  | 'challenge'
  | 'digest'
  | 'mediaType'
  | 'sizeBytes'
  | 'rateLimit'
  | 'quota'
> {
  const remaining = header(headers, 'ratelimit-remaining');
  return {
    upstreamCode: upstreamCode(body),
    challenge: challengeSummary(headers),
    digest: contentDigest(headers),
    mediaType:
      printable(mediaTypeOf(header(headers, 'content-type')), 100) || null,
    sizeBytes: contentLength(headers),
    rateLimit: remaining === undefined ? null : printable(remaining, 40),
    quota: readQuota({
      limit: header(headers, 'ratelimit-limit'),
      remaining,
      source: header(headers, 'docker-ratelimit-source'),
    }),
  };
}

/** `errors[0].code` of a registry's error body, at most 64 of A–Z and underscore; null for anything else. */
export function upstreamCode(body: Uint8Array): string | null {
  const errors = ErrorBody.safeParse(parseJson(body)).data?.errors ?? [];
  const code = errors[0]?.code;
  return typeof code === 'string' && /^[A-Z_]{1,64}$/.test(code) ? code : null;
}

/** Whether a body is JSON at all: what is not a registry answers with a page. */
export function isJson(body: Uint8Array): boolean {
  return parseJson(body) !== undefined;
}

/** The URL as evidence shows it: no query; of a foreign host (storage, with its signed paths) the origin only. */
export function shownUrl(
  url: URL,
  registryOrigin: string,
  purpose: ExchangePurpose,
): string {
  if (url.origin !== registryOrigin && purpose !== 'token')
    return `${url.origin}/…`;
  return url.origin + url.pathname.slice(0, 500);
}

const ErrorBody = z.object({
  errors: z.array(z.object({ code: z.unknown() })).max(100),
});

export function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body)) as unknown;
  } catch {
    return undefined;
  }
}

function challengeSummary(headers: Headers): string | null {
  const lines = headerLines(headers, 'www-authenticate');
  if (lines.length === 0) return null;
  const shown = parseChallenges(lines)
    .challenges.slice(0, 4)
    .map(({ scheme, params }) => {
      const realm =
        params.realm === undefined
          ? []
          : [`realm=${params.realm.split(/[?#]/, 1)[0] ?? ''}`];
      const rest = ['service', 'scope', 'error'].flatMap((name) =>
        params[name] === undefined ? [] : [`${name}=${params[name]}`],
      );
      return [scheme, ...realm, ...rest].join(' ');
    });
  return printable(shown.join('; '), 400);
}

function printable(text: string, max: number): string {
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, max);
}
