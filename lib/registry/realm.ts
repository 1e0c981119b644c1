import { RegistryError } from './errors';
import { apiHost } from './reference';

// Token servers that are known to belong to a registry on another registrable domain.
const KNOWN_REALMS: Record<string, readonly string[]> = {
  'docker.io': ['https://auth.docker.io'],
  'registry.gitlab.com': ['https://gitlab.com'],
};

// Below these, neighbours are strangers: a shared suffix proves nothing.
const SHARED_SUFFIXES = new Set([
  'amazonaws.com',
  'appspot.com',
  'azurewebsites.net',
  'cloudapp.net',
  'cloudfront.net',
  'fly.dev',
  'googleusercontent.com',
  'herokuapp.com',
  'netlify.app',
  'ngrok.app',
  'onrender.com',
  'pages.dev',
  'run.app',
  'trycloudflare.com',
  'vercel.app',
  'web.app',
  'windows.net',
  'workers.dev',
]);

export type RealmQuestion = {
  /** The `realm` as the registry wrote it; a relative one is resolved against `requestUrl`. */
  realm: string;
  requestUrl: URL;
  registry: string;
  hasCredential: boolean;
  /** Origins the owner has bound to this credential, e.g. `https://auth.example.com`. */
  boundRealms: readonly string[];
};

/**
 * The URL a token may be asked for, or a `RegistryError`: `REGISTRY_INVALID_ANSWER` when it is no URL,
 * `REGISTRY_BLOCKED` when it is http under an https registry or carries user info, `REGISTRY_REALM_UNBOUND` (with
 * `facts.realmOrigin`) when a credential would go to an origin that nobody has tied to this registry.
 *
 * A registry names any realm it likes, so a password goes only to the registry's own host, its own site, a known
 * token server, or what the owner bound. Without a credential any https realm will do; the egress policy still rules.
 */
export function requireRealm(question: RealmQuestion): URL {
  const { realm, requestUrl, registry } = question;
  const url = URL.canParse(realm, requestUrl)
    ? new URL(realm, requestUrl)
    : null;
  if (!url || !/^https?:$/.test(url.protocol) || url.hostname === '') {
    throw new RegistryError(
      'REGISTRY_INVALID_ANSWER',
      `${registry} names no usable token server.`,
      {
        facts: { stage: 'token', misconfiguredAuth: true },
      },
    );
  }
  const isDowngrade =
    url.protocol === 'http:' && requestUrl.protocol !== 'http:';
  if (isDowngrade || url.username !== '' || url.password !== '') {
    throw new RegistryError(
      'REGISTRY_BLOCKED',
      `${registry} names a token server that is not safe to ask.`,
      {
        facts: { stage: 'token', blocked: 'realm', realmOrigin: url.origin },
      },
    );
  }
  if (question.hasCredential && !isBound(url, question)) {
    throw new RegistryError(
      'REGISTRY_REALM_UNBOUND',
      `${registry} wants the password sent to ${url.origin}, which is not known to belong to it.`,
      { facts: { stage: 'token', realmOrigin: url.origin } },
    );
  }
  return url;
}

function isBound(
  realm: URL,
  { registry, requestUrl, boundRealms }: RealmQuestion,
): boolean {
  const known = [...boundRealms, ...(KNOWN_REALMS[registry] ?? [])];
  if (known.includes(realm.origin)) return true;
  // The registry's own name, not the URL asked: a redirect or an alias must not widen the binding.
  const own = new URL(`${requestUrl.protocol}//${apiHost(registry)}/`).hostname;
  return realm.hostname === own || isSameSite(realm.hostname, own);
}

/**
 * Whether two host names share a registrable domain, erring towards no: under a country's domain three labels must
 * agree (`example.co.uk`), under any other two, and below a hosting provider's suffix one more.
 */
export function isSameSite(one: string, other: string): boolean {
  const site = siteOf(one);
  return site !== null && site === siteOf(other);
}

function siteOf(hostname: string): string | null {
  if (/^\[|^[\d.]+$|\.$/.test(hostname)) return null;
  const labels = hostname.split('.');
  const top = labels.at(-1) ?? '';
  const depth =
    top.length === 2 || SHARED_SUFFIXES.has(labels.slice(-2).join('.')) ? 3 : 2;
  return labels.length < depth ? null : labels.slice(-depth).join('.');
}
