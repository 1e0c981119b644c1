import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import {
  type Challenge,
  parseChallenges,
  pickChallenge,
  splitScopes,
} from '@/lib/registry/challenge';
import {
  type Egress,
  type EgressLimits,
  type EgressOptions,
  type EgressRequest,
  openEgress,
} from '@/lib/registry/egress';
import {
  type Exchange,
  type ExchangePurpose,
  headerLines,
} from '@/lib/registry/evidence';
import { isSameSite } from '@/lib/registry/realm';
import { registryOrigin } from '@/lib/registry/reference';
import {
  createAuthorizer,
  createShelf,
  type Credential,
  type TokenShelf,
} from './authorizer';
import type { GateSeat } from './host-gate';
import { createLayerMemory, type LayerMemory } from './layer-memory';
import { type Answer, type SendContext, sendFollowing } from './send';

/** `ca` counts for the registry's own host and site alone, unless `isCaFor` says otherwise. */
export type SessionOptions = EgressOptions & {
  /** As it stands in references: `docker.io`, `localhost:5000`. */
  registry: string;
  /** Speak http. The policy must hold an allowance for it. */
  plainHttp?: boolean;
  /** Without one the session is anonymous, and cannot become anything else. */
  credential?: Credential;
  onExchange?: (exchange: Exchange) => void;
  /** Connections and tokens of other sessions of the same registry, policy and identity. */
  share?: SessionShare | undefined;
  seat?: GateSeat | undefined;
  now?: () => number;
  random?: () => number;
  sleep?: (ms: number, signal?: AbortSignal) => Promise<void>;
};

/** What sessions of one registry, policy and identity may have in common. Whoever opens it closes it. */
export type SessionShare = {
  egress: Egress;
  shelf: TokenShelf;
  layers: LayerMemory;
  isAnonymous: boolean;
};

export function openShare(
  options: EgressOptions,
  isAnonymous: boolean,
): SessionShare {
  const egress = openEgress(options);
  return { egress, ...freshMemory(), isAnonymous };
}

/** What a share remembers between two calls, empty. */
export function freshMemory(): Pick<SessionShare, 'shelf' | 'layers'> {
  return { shelf: createShelf(), layers: createLayerMemory() };
}

export type Call = {
  method: EgressRequest['method'];
  /** Path with query, or an absolute URL of the registry's own origin. */
  path: string;
  purpose: ExchangePurpose;
  scopes: readonly string[];
  headers?: Record<string, string>;
  limits?: Partial<EgressLimits>;
  isBodyIgnored?: boolean;
  /** A stream cannot be sent twice, so a refusal of it is final: ask for something of the same scopes before. */
  body?: EgressRequest['body'];
  consume?: EgressRequest['consume'];
  signal?: AbortSignal | undefined;
};

/** How the registry wants to be asked, as far as its last 401 said. */
export type AuthWay = 'none' | 'bearer' | 'basic' | 'unusable';

export type CallResult = Answer & {
  /** `none`: answered without asking who we are. */
  auth: AuthWay;
  /** The answer is the registry's own, not that of a server it redirected to. */
  isOwn: boolean;
};

export type Session = {
  registry: string;
  origin: URL;
  hasCredential: boolean;
  /** The layers that sessions of the same share were given. */
  layers: LayerMemory | undefined;
  call: (call: Call) => Promise<CallResult>;
  close: () => Promise<void>;
};

/** A connection to one registry as one identity: policy, authentication, redirects and retries in one place. */
export function openSession(options: SessionOptions): Session {
  const origin = new URL(
    registryOrigin(options.registry, options.plainHttp === true),
  );
  // What was asked over other rules of trust never travels over connections that others use.
  const isPlain = options.verifyTls !== false && options.ca === undefined;
  const share = isPlain ? options.share : undefined;
  if (share && share.isAnonymous !== (options.credential === undefined))
    throw new Error('Nobody and a credential never share a connection.');
  const egress =
    share?.egress ??
    openEgress({
      ...options,
      // Whoever names certificates for a registry must not vouch for the token servers or the storage of others.
      isCaFor:
        options.isCaFor ??
        ((hostname) =>
          hostname === origin.hostname ||
          isSameSite(hostname, origin.hostname)),
    });
  const context: SendContext = {
    egress,
    registryOrigin: origin.origin,
    identity: options.credential ? 'credential' : 'anonymous',
    now: options.now ?? Date.now,
    random: options.random ?? Math.random,
    sleep:
      options.sleep ??
      ((ms, signal) => wait(ms, undefined, signal ? { signal } : {})),
    onExchange: options.onExchange,
    seat: options.seat,
  };
  const authorizer = createAuthorizer(
    context,
    options.registry,
    options.credential,
    share?.shelf,
  );

  async function send(
    call: Call,
    authorization: string | null,
  ): Promise<CallResult> {
    const answer = await sendFollowing(context, {
      ...call,
      url: new URL(call.path, origin),
      authorization,
    });
    return {
      ...answer,
      auth: 'none',
      isOwn: answer.url.origin === origin.origin,
    };
  }

  async function call(input: Call): Promise<CallResult> {
    const { scopes, signal } = input;
    if (new URL(input.path, origin).origin !== origin.origin) {
      throw new Error('A session talks to its own registry only.');
    }
    const held = authorizer.known(scopes);
    let answer = await send(input, held);
    let auth: AuthWay = held === null ? 'none' : wayOf(held);
    if (held !== null && answer.isOwn && isStale(answer, auth)) {
      authorizer.forget(scopes);
      if (input.body instanceof Readable) return { ...answer, auth };
      answer = await send(input, null);
      auth = 'none';
    }
    const asked = new Set<string>(scopes);
    for (
      let round = 0;
      round < 2 && answer.status === 401 && answer.isOwn;
      round += 1
    ) {
      if (auth === 'basic' || input.body instanceof Readable) break;
      const challenge = await challengeOf(answer, input);
      if (!challenge)
        return { ...answer, auth: auth === 'none' ? 'unusable' : auth };
      const demand =
        challenge.scheme === 'bearer'
          ? splitScopes(challenge.params.scope)
          : [];
      // A refusal of a fresh token is final, unless it demands what was not asked for yet.
      if (auth === 'bearer' && demand.every((scope) => asked.has(scope))) break;
      demand.forEach((scope) => asked.add(scope));
      auth = challenge.scheme === 'bearer' ? 'bearer' : 'basic';
      const authorization = await authorizer.answer(
        challenge,
        scopes,
        answer.url,
        signal,
      );
      if (authorization === null) break;
      answer = await send(input, authorization);
    }
    return { ...answer, auth };
  }

  /** The challenge of a 401; some registries give it at `/v2/` only. */
  async function challengeOf(
    answer: Answer,
    input: Call,
  ): Promise<Challenge | null> {
    const lines = headerLines(answer.headers, 'www-authenticate');
    const { challenges } = parseChallenges(lines);
    if (challenges.length > 0 || input.path === '/v2/')
      return pickChallenge(challenges);
    const ping = await send(
      { ...input, method: 'GET', path: '/v2/', purpose: 'ping' },
      null,
    );
    if (ping.status !== 401 || !ping.isOwn) return null;
    return pickChallenge(
      parseChallenges(headerLines(ping.headers, 'www-authenticate')).challenges,
    );
  }

  return {
    registry: options.registry,
    origin,
    hasCredential: options.credential !== undefined,
    layers: share?.layers,
    call,
    close: async () => {
      if (!share) await egress.close();
    },
  };
}

function isStale(answer: Answer, auth: AuthWay): boolean {
  // A password does not grow stale; sending a wrong one twice only helps to lock the account.
  if (auth === 'basic') return false;
  const lines = headerLines(answer.headers, 'www-authenticate');
  // ECR Public answers 400 without a challenge to an expired token.
  if (answer.status === 400) return lines.length === 0;
  const { challenges } = parseChallenges(lines);
  const isTooSmall = challenges.some(
    ({ params }) => params.error === 'insufficient_scope',
  );
  return answer.status === 401 && !isTooSmall;
}

function wayOf(authorization: string): AuthWay {
  return authorization.startsWith('Basic') ? 'basic' : 'bearer';
}
