import type { LookupFunction } from 'node:net';
import { createSecureContext, type SecureContext } from 'node:tls';
import { buildConnector } from 'undici';
import { unreachable } from './egress-failure';
import { type AddressClass, decide, type EgressPolicy } from './egress-policy';
import { type BlockReason, RegistryError } from './errors';

/** Every address of a host name. */
export type Resolve = (hostname: string) => Promise<string[]>;

export type ConnectOptions = {
  policy: EgressPolicy;
  resolve: Resolve;
  ca: string | undefined;
  /** Whether `ca` counts for a host, as `URL.hostname` writes it. */
  isCaFor: (hostname: string) => boolean;
  verifyTls: boolean;
  timeoutMs: number;
  /** Told the class of every address connected to. */
  onConnect: (origin: string, addressClass: AddressClass) => void;
};

const CERTIFICATE =
  /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/**
 * Makes connections for undici that the policy allows: an address literal is judged before, every address of a name
 * during, and the peer after connecting. Refusals arrive as `REGISTRY_BLOCKED`.
 */
export function createConnector(
  options: ConnectOptions,
): buildConnector.connector {
  const { policy, resolve, timeoutMs, onConnect } = options;
  const tls = {
    // Said aloud, because NODE_TLS_REJECT_UNAUTHORIZED would otherwise decide.
    rejectUnauthorized: options.verifyTls,
  };
  const own =
    options.ca === undefined ? {} : { secureContext: trusting(options.ca) };
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
      ...(options.isCaFor(url.hostname) ? own : {}),
      timeout: timeoutMs,
      lookup: checkedLookup(url, resolve, policy),
    });
    connect(target, (...result) => {
      const [error, socket] = result;
      const peer = socket?.remoteAddress;
      if (error || peer === undefined) {
        // A peer that is gone already has no address to judge.
        callback(error ?? unreachable(url.host), null);
        return;
      }
      try {
        onConnect(url.origin, requireAllowed(url, [peer], policy));
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

/** Throws `REGISTRY_BLOCKED` for what `decide` refuses, else gives the class of the addresses. */
export function requireAllowed(
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

// Reading every root certificate takes a good while; a bundle is read once.
const contexts = new Map<string, SecureContext>();

function trusting(pem: string): SecureContext {
  const known = contexts.get(pem);
  if (known) return known;
  const context = createSecureContext();
  // `ca` would replace the default roots and NODE_EXTRA_CA_CERTS; this adds to them.
  const store = context.context as { addCACert: (pem: string) => void };
  for (const [certificate] of pem.matchAll(CERTIFICATE))
    store.addCACert(certificate);
  contexts.set(pem, context);
  return context;
}
