import { z } from 'zod';
import {
  type Challenge,
  mergeScopes,
  splitScopes,
} from '@/lib/registry/challenge';
import type { ClientMethod } from '@/lib/registry/credential';
import { RegistryError } from '@/lib/registry/errors';
import { isJson, parseJson } from '@/lib/registry/evidence';
import { requireRealm } from '@/lib/registry/realm';
import {
  type Answer,
  type Outgoing,
  type SendContext,
  sendRetrying,
} from './send';

/**
 * A user name with a password, or a token in its place, and the token servers the owner has tied to it beyond the
 * obvious.
 */
export type Credential = {
  /** How the registry takes `password`; a login without it. */
  method?: ClientMethod;
  username: string;
  password: string;
  boundRealms?: readonly string[];
};

export type Authorizer = {
  /** What is already known to be needed for these scopes; null before the first challenge. */
  known: (scopes: readonly string[]) => string | null;
  forget: (scopes: readonly string[]) => void;
  /**
   * The `Authorization` that answers a challenge; null when there is none (Basic without a credential). Throws what
   * `requireRealm` throws and, with stage `token`: `REGISTRY_DENIED`, `REGISTRY_RATE_LIMITED`,
   * `REGISTRY_UNREACHABLE` and `REGISTRY_INVALID_ANSWER`.
   */
  answer: (
    challenge: Challenge,
    scopes: readonly string[],
    requestUrl: URL,
    signal?: AbortSignal,
  ) => Promise<string | null>;
};

type Held = { authorization: string; expiresMs: number };

/** What a registry gave one identity, for clients of that identity alone. */
export type TokenShelf = {
  tokens: Map<string, Held>;
  inFlight: Map<string, Promise<string>>;
  isBasicRegistry: boolean;
};

export function createShelf(): TokenShelf {
  return { tokens: new Map(), inFlight: new Map(), isBasicRegistry: false };
}

const TOKEN_LIMITS = { maxBytes: 64 * 1024, totalMs: 10_000 };
const MIN_LIFE_S = 60;
const ACCEPT_JSON = { accept: 'application/json' };
// What token servers without the OAuth 2 way were seen to answer to it.
const NO_OAUTH = new Set([400, 401, 404, 405]);

// RFC 6750 tokens are visible ASCII; anything else could not travel in a header.
const Token = z.string().regex(/^[\x21-\x7e]{1,32768}$/);
const TokenAnswer = z.object({
  token: Token.nullish(),
  access_token: Token.nullish(),
  expires_in: z.number().nullish().catch(null),
  issued_at: z.string().nullish().catch(null),
});

/**
 * Answers challenges for one registry and one identity. Tokens are kept on its shelf and nowhere else; the caller gives
 * each identity its own, so an anonymous client and an authenticated one never share them.
 */
export function createAuthorizer(
  context: SendContext,
  registry: string,
  credential: Credential | undefined,
  shelf: TokenShelf = createShelf(),
): Authorizer {
  const { tokens, inFlight } = shelf;
  const basic = basicOf(credential);
  // A registry token goes to the registry as it is; no token server ever sees it.
  const fixed =
    credential?.method === 'registry_token'
      ? `Bearer ${credential.password}`
      : null;
  const refreshToken =
    credential?.method === 'identity_token' ? credential.password : null;
  let isBearerRegistry = false;

  async function fetchToken(
    url: URL,
    key: string,
    signal?: AbortSignal,
  ): Promise<string> {
    const answer =
      (refreshToken === null
        ? null
        : await askWithRefreshToken(url, refreshToken, signal)) ??
      (await askForToken(
        { method: 'GET', url, authorization: basic, headers: ACCEPT_JSON },
        signal,
      ));
    const held = readToken(answer, url.host, registry, context.now());
    tokens.set(key, held);
    return held.authorization;
  }

  function askForToken(
    request: Pick<Outgoing, 'method' | 'url' | 'headers'> &
      Partial<Pick<Outgoing, 'body' | 'authorization'>>,
    signal: AbortSignal | undefined,
  ): Promise<Answer> {
    return sendRetrying(context, {
      ...request,
      purpose: 'token',
      limits: TOKEN_LIMITS,
      signal,
    }).catch((error: unknown) => {
      throw atTokenStage(error);
    });
  }

  /** `null` where the token server wants to be asked with a user name and the token for its password instead. */
  async function askWithRefreshToken(
    url: URL,
    token: string,
    signal: AbortSignal | undefined,
  ): Promise<Answer | null> {
    const service = url.searchParams.get('service');
    const scopes = url.searchParams.getAll('scope');
    const body = new URLSearchParams({
      grant_type: 'refresh_token',
      client_id: 'imageyard',
      ...(service === null ? {} : { service }),
      ...(scopes.length === 0 ? {} : { scope: scopes.join(' ') }),
      refresh_token: token,
    });
    const target = new URL(url);
    target.searchParams.delete('service');
    target.searchParams.delete('scope');
    const answer = await askForToken(
      {
        method: 'POST',
        url: target,
        headers: {
          ...ACCEPT_JSON,
          'content-type': 'application/x-www-form-urlencoded',
        },
        body: body.toString(),
      },
      signal,
    );
    const isUnknownWay = NO_OAUTH.has(answer.status) && basic !== null;
    return isUnknownWay ? null : answer;
  }

  return {
    known: (scopes) => {
      if (fixed !== null) return isBearerRegistry ? fixed : null;
      const held = tokens.get(keyOf(scopes));
      if (held && held.expiresMs > context.now()) return held.authorization;
      return shelf.isBasicRegistry ? basic : null;
    },
    forget: (scopes) => {
      tokens.delete(keyOf(scopes));
      isBearerRegistry = false;
    },
    answer: async (challenge, scopes, requestUrl, signal) => {
      if (challenge.scheme === 'basic') {
        shelf.isBasicRegistry = basic !== null;
        return basic;
      }
      if (fixed !== null) {
        isBearerRegistry = true;
        return fixed;
      }
      const url = requireRealm({
        realm: challenge.params.realm ?? '',
        requestUrl,
        registry,
        hasCredential: credential !== undefined,
        boundRealms: credential?.boundRealms ?? [],
      });
      if (challenge.params.service)
        url.searchParams.set('service', challenge.params.service);
      const wanted = mergeScopes(splitScopes(challenge.params.scope), scopes);
      for (const scope of wanted) url.searchParams.append('scope', scope);
      const key = keyOf(scopes);
      // One token request per scope at a time, however many layers are asked for at once.
      const running = inFlight.get(url.href) ?? fetchToken(url, key, signal);
      inFlight.set(url.href, running);
      try {
        return await running;
      } finally {
        inFlight.delete(url.href);
      }
    },
  };
}

/** `null` for nobody, and for a token that has no user name: it is no password. */
function basicOf(credential: Credential | undefined): string | null {
  if (!credential || credential.method === 'registry_token') return null;
  const { method, username, password } = credential;
  if (method === 'identity_token' && username === '') return null;
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

function readToken(
  answer: Answer,
  host: string,
  registry: string,
  nowMs: number,
): Held {
  const { status, body, retryAt } = answer;
  const facts = { stage: 'token' as const, status };
  if (status === 401 || status === 403) {
    throw new RegistryError(
      'REGISTRY_DENIED',
      `The token server of ${registry} refused.`,
      { facts },
    );
  }
  if (status === 429) {
    throw new RegistryError(
      'REGISTRY_RATE_LIMITED',
      `The token server of ${registry} asks to wait.`,
      {
        facts: { ...facts, ...(retryAt === null ? {} : { retryAt }) },
      },
    );
  }
  if (status >= 500 || status === 408 || (status === 200 && !isJson(body))) {
    throw new RegistryError(
      'REGISTRY_UNREACHABLE',
      `The token server ${host} does not work.`,
      { facts },
    );
  }
  const token =
    status === 200 ? TokenAnswer.safeParse(parseJson(body)).data : undefined;
  const value = token?.access_token ?? token?.token;
  if (!token || !value) {
    throw new RegistryError(
      'REGISTRY_INVALID_ANSWER',
      `The token server of ${registry} gave no token.`,
      {
        facts: { ...facts, misconfiguredAuth: true },
      },
    );
  }
  const lifeMs = Math.max(MIN_LIFE_S, token.expires_in ?? MIN_LIFE_S) * 1000;
  const issuedMs = Date.parse(token.issued_at ?? '');
  const startMs = issuedMs <= nowMs ? issuedMs : nowMs;
  return {
    authorization: `Bearer ${value}`,
    expiresMs: startMs + lifeMs - Math.max(5_000, lifeMs / 10),
  };
}

function atTokenStage(error: unknown): unknown {
  if (!(error instanceof RegistryError)) return error;
  return new RegistryError(error.code, error.message, {
    cause: error,
    facts: { ...error.facts, stage: 'token' },
  });
}

function keyOf(scopes: readonly string[]): string {
  return [...scopes].sort().join(' ');
}
