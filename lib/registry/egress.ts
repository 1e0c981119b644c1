import { lookup as dnsLookup } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import { createSecureContext, type SecureContext } from 'node:tls';
import { Agent, buildConnector, type Dispatcher } from 'undici';
import { toEgressError, tooLarge, unreachable } from './egress-failure';
import { type AddressClass, decide, type EgressPolicy } from './egress-policy';
import { type BlockReason, RegistryError } from './errors';

export type Resolve = (hostname: string) => Promise<string[]>;

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
  /** False reads what an untrusted server says; such an egress refuses to carry `Authorization`. */
  verifyTls?: boolean;
  limits?: Partial<EgressLimits>;
};

export type EgressRequest = {
  url: URL;
  method: 'GET' | 'HEAD' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  limits?: Partial<EgressLimits>;
  /** Only public addresses, whatever the owner allowed: for what a public server redirects to. */
  isPublicOnly?: boolean;
  /** Stop at the headers: the body is neither read nor waited for. */
  isBodyIgnored?: boolean;
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

  function agentFor(isPublicOnly: boolean): Agent {
    const known = agents.get(isPublicOnly);
    if (known) return known;
    const policy = isPublicOnly
      ? { ...options.policy, allow: [] }
      : options.policy;
    const connect = connector(
      options,
      policy,
      defaults.connectMs,
      (origin, addressClass) =>
        classes.set(`${String(isPublicOnly)} ${origin}`, addressClass),
    );
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
    const policy = isPublicOnly
      ? { ...options.policy, allow: [] }
      : options.policy;
    requireAllowed(url, null, policy);

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
      const body = input.isBodyIgnored
        ? discard(answer.body)
        : await readBody(answer, url.host, limits.maxBytes);
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

function connector(
  options: EgressOptions,
  policy: EgressPolicy,
  timeout: number,
  onConnect: (origin: string, addressClass: AddressClass) => void,
): buildConnector.connector {
  const resolve = options.resolve ?? resolveAddresses;
  const tls = {
    // Said aloud, because NODE_TLS_REJECT_UNAUTHORIZED would otherwise decide.
    rejectUnauthorized: options.verifyTls !== false,
    ...(options.ca === undefined
      ? {}
      : { secureContext: trusting(options.ca) }),
  };
  return (target, callback) => {
    const url = new URL(
      `${target.protocol}//${target.host ?? target.hostname}`,
    );
    try {
      // `lookup` is not called for an address literal, so the literal is judged here.
      requireAllowed(url, null, policy);
    } catch (error) {
      callback(error as Error, null);
      return;
    }
    const connect = buildConnector({
      ...tls,
      timeout,
      lookup: checkedLookup(url, resolve, policy),
    });
    connect(target, (...result) => {
      const [error, socket] = result;
      if (error) {
        callback(error, null);
        return;
      }
      try {
        onConnect(
          url.origin,
          requireAllowed(url, [socket.remoteAddress ?? ''], policy),
        );
        callback(null, socket);
      } catch (refused) {
        socket.destroy();
        callback(refused as Error, null);
      }
    });
  };
}

function checkedLookup(
  url: URL,
  resolve: Resolve,
  policy: EgressPolicy,
): LookupFunction {
  return (hostname, { all }, callback) => {
    resolve(hostname)
      .then((addresses) => {
        requireAllowed(url, addresses, policy);
        return addresses.map((address) => ({
          address,
          family: address.includes(':') ? 6 : 4,
        }));
      })
      .then(
        (entries) => {
          const [first] = entries;
          if (all) callback(null, entries);
          else callback(null, first?.address ?? '', first?.family);
        },
        (error: unknown) => {
          callback(error as Error, '', 0);
        },
      );
  };
}

function requireAllowed(
  url: URL,
  addresses: readonly string[] | null,
  policy: EgressPolicy,
): AddressClass {
  const decision = decide(url, addresses, policy);
  if (decision.ok) return decision.addressClass;
  throw blocked(url, decision.reason);
}

function blocked(url: URL, reason: BlockReason): RegistryError {
  return new RegistryError(
    'REGISTRY_BLOCKED',
    `Requests to ${url.host} are not allowed from this server.`,
    {
      facts: { stage: 'connect', blocked: reason },
    },
  );
}

function trusting(pem: string): SecureContext {
  const context = createSecureContext();
  // `ca` would replace the default roots and NODE_EXTRA_CA_CERTS; this adds to them.
  const store = context.context as { addCACert: (pem: string) => void };
  for (const certificate of pem.match(
    /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g,
  ) ?? []) {
    store.addCACert(certificate);
  }
  return context;
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
