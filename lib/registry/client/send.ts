import { unreachable } from '@/lib/registry/egress-failure';
import type { AddressClass } from '@/lib/registry/egress-policy';
import type {
  Egress,
  EgressLimits,
  EgressRequest,
} from '@/lib/registry/egress';
import { RegistryError } from '@/lib/registry/errors';
import {
  answerFacts,
  type Exchange,
  type ExchangePurpose,
  header,
  type Headers,
  shownUrl,
} from '@/lib/registry/evidence';
import {
  backoffMs,
  isRetryableStatus,
  MAX_TRIES,
  MAX_WAIT_MS,
  retryAfterMs,
} from '@/lib/registry/retry';
import { isQuotaLow } from '@/lib/registry/quota';
import type { GateSeat } from './host-gate';

const MAX_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const USER_AGENT = 'imageyard';
/** How long a host that refused without saying until when is left alone. */
const LIMITED_MS = 60_000;
/** When to look again whether a quota has been filled up. */
const QUOTA_MS = 30 * 60_000;

/** What differs between a test and the world, and between an anonymous and an authenticated client. */
export type SendContext = {
  egress: Egress;
  registryOrigin: string;
  identity: 'anonymous' | 'credential';
  now: () => number;
  random: () => number;
  sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  onExchange?: ((exchange: Exchange) => void) | undefined;
  /** Without one requests go out at once. */
  seat?: GateSeat | undefined;
};

export type Outgoing = {
  method: EgressRequest['method'];
  url: URL;
  purpose: ExchangePurpose;
  authorization?: string | null;
  headers?: Record<string, string>;
  body?: EgressRequest['body'];
  limits?: Partial<EgressLimits>;
  isBodyIgnored?: boolean;
  consume?: EgressRequest['consume'];
  signal?: AbortSignal | undefined;
};

export type Answer = {
  status: number;
  headers: Headers;
  body: Buffer;
  addressClass: AddressClass;
  /** Where the answer came from, after redirects. */
  url: URL;
  /** ISO time before which asking again is pointless; only with 429 and 503. */
  retryAt: string | null;
};

/**
 * Sends one request and follows its redirects by hand, GET and HEAD only, at most five. `Authorization` stops at the
 * first change of origin and never comes back; https never becomes http; a public server leads to public ones only.
 */
export async function sendFollowing(
  context: SendContext,
  outgoing: Outgoing,
): Promise<Answer> {
  let { url, authorization = null } = outgoing;
  let isPublicOnly = false;
  for (let hop = 0; ; hop += 1) {
    const answer = await sendRetrying(
      context,
      { ...outgoing, url, authorization },
      isPublicOnly,
    );
    const location = header(answer.headers, 'location');
    const isRedirect = REDIRECTS.has(answer.status) && location !== undefined;
    if (
      !isRedirect ||
      (outgoing.method !== 'GET' && outgoing.method !== 'HEAD')
    )
      return answer;
    const next = URL.canParse(location, url) ? new URL(location, url) : null;
    if (!next) throw badRedirect(url, 'REGISTRY_INVALID_ANSWER');
    if (hop === MAX_REDIRECTS)
      throw badRedirect(url, 'REGISTRY_INVALID_ANSWER');
    if (url.protocol === 'https:' && next.protocol !== 'https:')
      throw badRedirect(url, 'REGISTRY_BLOCKED');
    if (next.origin !== url.origin) {
      authorization = null;
      isPublicOnly ||= answer.addressClass === 'public';
    }
    url = next;
  }
}

/**
 * Sends one request without following anything. GET and HEAD are retried; what writes, and what hands its body on piece
 * by piece, is tried once.
 */
export async function sendRetrying(
  context: SendContext,
  outgoing: Outgoing,
  isPublicOnly = false,
): Promise<Answer> {
  const isRead = outgoing.method === 'GET' || outgoing.method === 'HEAD';
  const isRepeatable = isRead && outgoing.consume === undefined;
  for (let attempt = 0; ; attempt += 1) {
    const isLast = !isRepeatable || attempt === MAX_TRIES - 1;
    let waitMs = backoffMs(attempt, context.random());
    try {
      const answer = await sendOnce(context, outgoing, isPublicOnly);
      if (isLast || !isRetryableStatus(answer.status)) return answer;
      const asked = retryAfterMs(
        header(answer.headers, 'retry-after'),
        context.now(),
      );
      if (asked !== null && asked > MAX_WAIT_MS) return answer;
      waitMs = Math.max(waitMs, asked ?? 0);
    } catch (error) {
      const isTransient =
        error instanceof RegistryError && error.code === 'REGISTRY_UNREACHABLE';
      if (isLast || !isTransient) throw error;
    }
    await context.sleep(waitMs, outgoing.signal).catch((error: unknown) => {
      throw unreachable(outgoing.url.host, error);
    });
  }
}

async function sendOnce(
  context: SendContext,
  outgoing: Outgoing,
  isPublicOnly: boolean,
): Promise<Answer> {
  const { url, method, purpose, authorization } = outgoing;
  const startedMs = context.now();
  const common = {
    at: new Date(startedMs).toISOString(),
    purpose,
    identity: context.identity,
    method,
    url: shownUrl(url, context.registryOrigin, purpose),
  };
  try {
    const { status, headers, body, addressClass } = await throughGate(
      context,
      outgoing,
      () =>
        context.egress.request({
          url,
          method,
          headers: {
            'user-agent': USER_AGENT,
            // A compressed answer would lose its length and its strong ETag, and could be a bomb.
            'accept-encoding': 'identity',
            ...outgoing.headers,
            ...(authorization ? { authorization } : {}),
          },
          isPublicOnly,
          ...(outgoing.body === undefined ? {} : { body: outgoing.body }),
          ...(outgoing.limits ? { limits: outgoing.limits } : {}),
          ...(outgoing.isBodyIgnored ? { isBodyIgnored: true } : {}),
          consume: outgoing.consume,
          signal: outgoing.signal,
        }),
    );
    const asked = retryAfterMs(header(headers, 'retry-after'), context.now());
    const facts = answerFacts(headers, status >= 400 ? body : new Uint8Array());
    heedLimits(context, url, { status, asked, quota: facts.quota });
    context.onExchange?.({
      ...common,
      status,
      failure: null,
      ...facts,
      addressClass,
      durationMs: context.now() - startedMs,
    });
    const retryAt =
      (status === 429 || status === 503) && asked !== null
        ? new Date(context.now() + asked).toISOString()
        : null;
    return { status, headers, body, addressClass, url, retryAt };
  } catch (error) {
    context.onExchange?.({
      ...common,
      status: null,
      failure:
        error instanceof RegistryError ? error.code : 'REGISTRY_UNREACHABLE',
      ...answerFacts({}, new Uint8Array()),
      addressClass: null,
      durationMs: null,
    });
    throw outgoing.signal?.aborted ? unreachable(url.host, error) : error;
  }
}

function throughGate<T>(
  { seat }: SendContext,
  { url, consume, signal }: Outgoing,
  send: () => Promise<T>,
): Promise<T> {
  // A blob read piece by piece waits for whoever takes the pieces, often one more request to the same host: it must not
  // hold the place that one needs.
  if (!seat || consume) return send();
  return seat.gate.pass({ ...seat.ticket, host: url.host }, send, signal);
}

/** Leaves a host alone that asks for it, and keeps the last tenth of a quota for people. */
function heedLimits(
  { seat, now }: SendContext,
  { host }: URL,
  said: { status: number; asked: number | null; quota: Exchange['quota'] },
): void {
  if (!seat) return;
  const place = { host, identity: seat.ticket.identity };
  if (said.status === 429)
    seat.gate.close(place, 'limited', now() + (said.asked ?? LIMITED_MS));
  if (said.quota)
    seat.gate.close(
      place,
      'quota',
      isQuotaLow(said.quota) ? now() + QUOTA_MS : 0,
    );
}

function badRedirect(
  from: URL,
  code: 'REGISTRY_BLOCKED' | 'REGISTRY_INVALID_ANSWER',
): RegistryError {
  return new RegistryError(
    code,
    `${from.host} redirects to where this server does not follow.`,
    {
      facts:
        code === 'REGISTRY_BLOCKED'
          ? { blocked: 'redirect' }
          : { stage: 'registry' },
    },
  );
}
