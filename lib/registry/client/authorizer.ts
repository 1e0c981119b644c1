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
import { type Answer, type SendContext, sendRetrying } from './send';

/** A user name with a password or token, and the token servers the owner has tied to it beyond the obvious. */
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

const TOKEN_LIMITS = { maxBytes: 64 * 1024, totalMs: 10_000 };
const MIN_LIFE_S = 60;

// RFC 6750 tokens are visible ASCII; anything else could not travel in a header.
const Token = z.string().regex(/^[\x21-\x7e]{1,32768}$/);
const TokenAnswer = z.object({
  token: Token.nullish(),
  access_token: Token.nullish(),
  expires_in: z.number().nullish().catch(null),
  issued_at: z.string().nullish().catch(null),
});

/**
 * Answers challenges for one registry and one identity. Tokens are kept here and nowhere else, so an anonymous client
 * and an authenticated one can never share them.
 */
export function createAuthorizer(
  context: SendContext,
  registry: string,
  credential: Credential | undefined,
): Authorizer {
  const tokens = new Map<string, Held>();
  const inFlight = new Map<string, Promise<string>>();
  const basic = credential
    ? `Basic ${Buffer.from(`${credential.username}:${credential.password}`).toString('base64')}`
    : null;
  let isBasicRegistry = false;

  async function fetchToken(
    url: URL,
    key: string,
    signal?: AbortSignal,
  ): Promise<string> {
    const answer = await sendRetrying(context, {
      method: 'GET',
      url,
      purpose: 'token',
      authorization: basic,
      headers: { accept: 'application/json' },
      limits: TOKEN_LIMITS,
      signal,
    }).catch((error: unknown) => {
      throw atTokenStage(error);
    });
    const held = readToken(answer, url.host, registry, context.now());
    tokens.set(key, held);
    return held.authorization;
  }

  return {
    known: (scopes) => {
      const held = tokens.get(keyOf(scopes));
      if (held && held.expiresMs > context.now()) return held.authorization;
      return isBasicRegistry ? basic : null;
    },
    forget: (scopes) => {
      tokens.delete(keyOf(scopes));
    },
    answer: async (challenge, scopes, requestUrl, signal) => {
      if (challenge.scheme === 'basic') {
        isBasicRegistry = basic !== null;
        return basic;
      }
      const url = requireRealm({
        realm: challenge.params.realm ?? '',
        requestUrl,
        registry,
        hasCredential: basic !== null,
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
