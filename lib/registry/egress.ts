import { lookup as dnsLookup } from 'node:dns/promises';
import type { Readable } from 'node:stream';
import { Agent, type Dispatcher } from 'undici';
import {
  createConnector,
  requireAllowed,
  type Resolve,
} from './egress-connect';
import { toEgressError, tooLarge, unreachable } from './egress-failure';
import type { AddressClass, EgressPolicy } from './egress-policy';

export type EgressLimits = {
  connectMs: number;
  headersMs: number;
  totalMs: number;
  maxBytes: number;
};

export const DEFAULT_LIMITS: EgressLimits = {
  connectMs: 5_000,
  headersMs: 10_000,
  totalMs: 30_000,
  maxBytes: 4 * 1024 * 1024,
};

export type EgressOptions = {
  policy: EgressPolicy;
  /** Replaces DNS; every address it returns is checked, and one of them is connected to. */
  resolve?: Resolve;
  /** PEM certificates trusted beside Node's own (`NODE_EXTRA_CA_CERTS` included). */
  ca?: string;
  /** The hosts `ca` counts for, as `URL.hostname` writes them; every host without it. */
  isCaFor?: (hostname: string) => boolean;
  /** False reads what an untrusted server says; such an egress refuses to carry `Authorization`. */
  verifyTls?: boolean;
  limits?: Partial<EgressLimits>;
};

export type EgressRequest = {
  url: URL;
  method: 'GET' | 'HEAD' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  headers?: Record<string, string>;
  /** A stream is read once, as fast as the server takes it. */
  body?: string | Uint8Array | Readable;
  limits?: Partial<EgressLimits>;
  /** Only public addresses, whatever the owner allowed: for what a public server redirects to. */
  isPublicOnly?: boolean;
  /** Stop at the headers: the body is neither read nor waited for. */
  isBodyIgnored?: boolean;
  /** Takes the body of a 2xx answer piece by piece, of any size; `body` is empty then. */
  consume?: ((body: Readable) => Promise<void>) | undefined;
  signal?: AbortSignal | undefined;
};

export type EgressResponse = {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
  addressClass: AddressClass;
};

export type Egress = {
  request: (request: EgressRequest) => Promise<EgressResponse>;
  close: () => Promise<void>;
};

/**
 * The only way out to a registry, token server or storage. Open one per identity: connections are never shared
 * between an anonymous and an authenticated client.
 *
 * Every request is judged by the policy on its parsed URL, again on every address its host resolves to (one look-up
 * per connection, so an answer that changes later changes nothing) and once more on the address connected to. It
 * follows no redirect, decompresses nothing and knows no proxy. Throws `RegistryError`: `REGISTRY_BLOCKED`,
 * `REGISTRY_UNREACHABLE`, `REGISTRY_TLS`, `REGISTRY_INVALID_ANSWER`; an abort by the caller throws its own reason.
 */
export function openEgress(options: EgressOptions): Egress {
  const agents = new Map<boolean, Agent>();
  const classes = new Map<string, AddressClass>();
  const defaults = { ...DEFAULT_LIMITS, ...options.limits };

  const policyFor = (isPublicOnly: boolean): EgressPolicy =>
    isPublicOnly ? { ...options.policy, allow: [] } : options.policy;

  function agentFor(isPublicOnly: boolean): Agent {
    const known = agents.get(isPublicOnly);
    if (known) return known;
    const connect = createConnector({
      policy: policyFor(isPublicOnly),
      resolve: options.resolve ?? resolveAddresses,
      ca: options.ca,
      isCaFor: options.isCaFor ?? (() => true),
      verifyTls: options.verifyTls !== false,
      timeoutMs: defaults.connectMs,
      onConnect: (origin, addressClass) =>
        classes.set(`${String(isPublicOnly)} ${origin}`, addressClass),
    });
    const agent = new Agent({
      connect,
      connections: 4,
      pipelining: 1,
      maxRedirections: 0,
    });
    agents.set(isPublicOnly, agent);
    return agent;
  }

  async function request(input: EgressRequest): Promise<EgressResponse> {
    const { url, headers = {}, isPublicOnly = false } = input;
    const limits = { ...defaults, ...input.limits };
    const names = Object.keys(headers).map((name) => name.toLowerCase());
    if (names.includes('host'))
      throw new Error('The Host header is the URL’s.');
    if (options.verifyTls === false && names.includes('authorization')) {
      throw new Error(
        'A credential never travels without a verified certificate.',
      );
    }
    requireAllowed(url, null, policyFor(isPublicOnly));

    const timer = new AbortController();
    const stop = () => timer.abort(input.signal?.reason);
    if (input.signal?.aborted) stop();
    input.signal?.addEventListener('abort', stop, { once: true });
    const timeout = setTimeout(() => timer.abort(), limits.totalMs);
    try {
      const answer = await agentFor(isPublicOnly).request({
        origin: url.origin,
        path: url.pathname + url.search,
        method: input.method,
        headers,
        body: input.body ?? null,
        signal: timer.signal,
        headersTimeout: limits.headersMs,
        bodyTimeout: limits.headersMs,
      });
      const body = await takeBody(input, answer, limits.maxBytes);
      return {
        status: answer.statusCode,
        headers: answer.headers,
        body,
        addressClass:
          classes.get(`${String(isPublicOnly)} ${url.origin}`) ?? 'public',
      };
    } catch (error) {
      if (input.signal?.aborted) throw input.signal.reason;
      throw timer.signal.aborted
        ? unreachable(url.host, error)
        : toEgressError(error, url.host);
    } finally {
      clearTimeout(timeout);
      input.signal?.removeEventListener('abort', stop);
    }
  }

  return {
    request,
    close: async () => {
      await Promise.all([...agents.values()].map((agent) => agent.destroy()));
    },
  };
}

/** Every address a host has, as DNS and the hosts file say. Throws `REGISTRY_UNREACHABLE`. */
export async function resolveAddresses(hostname: string): Promise<string[]> {
  try {
    const found = await dnsLookup(hostname.replace(/^\[|\]$/g, ''), {
      all: true,
    });
    return found.map((entry) => entry.address);
  } catch (error) {
    throw unreachable(hostname, error);
  }
}

async function takeBody(
  { url, consume, isBodyIgnored }: EgressRequest,
  answer: Dispatcher.ResponseData,
  maxBytes: number,
): Promise<Buffer> {
  if (isBodyIgnored) return discard(answer.body);
  const isSuccess = answer.statusCode >= 200 && answer.statusCode < 300;
  if (!consume || !isSuccess) return readBody(answer, url.host, maxBytes);
  try {
    await consume(answer.body);
  } catch (error) {
    discard(answer.body);
    throw error;
  }
  return Buffer.alloc(0);
}

async function readBody(
  { body, statusCode }: Dispatcher.ResponseData,
  host: string,
  maxBytes: number,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) throw tooLarge(host, maxBytes, statusCode);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function discard(body: Dispatcher.ResponseData['body']): Buffer {
  body.on('error', () => undefined);
  body.destroy();
  return Buffer.alloc(0);
}
