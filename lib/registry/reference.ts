import { RegistryError } from './errors';

/** A normalised reference: `registry` and `repository` are always there, `docker.io/library/` already applied. */
export type ImageReference = {
  registry: string;
  repository: string;
  tag?: string;
  digest?: string;
};

export type ReferenceFault =
  | 'empty'
  | 'format'
  | 'uppercase'
  | 'identifier'
  | 'too_long'
  | 'digest_unsupported'
  | 'digest_length'
  | 'digest_format';

/** `familiar` applies Docker's short names; `strict` is the bare grammar. */
export type ReferenceMode = 'familiar' | 'strict';

export type DigestAlgorithm = 'sha256' | 'sha384' | 'sha512';

export type ReferenceReading =
  | {
      ok: true;
      domain: string | null;
      path: string;
      tag: string | null;
      digest: string | null;
      canonical: string;
      familiar: string;
    }
  | { ok: false; error: ReferenceFault };

const DOCKER_HUB = 'docker.io';
const MAX_PATH = 255;
const MAX_INPUT = 1024;

const LABEL = '[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?';
const HOST = `(?:${LABEL}(?:\\.${LABEL})*|\\[[0-9A-Fa-f:]+\\])`;
const DOMAIN = `${HOST}(?::[0-9]+)?`;
const COMPONENT = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const PATH = `${COMPONENT}(?:/${COMPONENT})*`;
const TAG = '[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}';
const ALGORITHM = '[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*';
const REFERENCE = new RegExp(
  `^(?:(${DOMAIN})/)?(${PATH})(?::(${TAG}))?(?:@(${ALGORITHM}:[0-9A-Fa-f]{32,}))?$`,
);
const IDENTIFIER = /^[a-f0-9]{64}$/;
const HEX_LENGTH: Record<DigestAlgorithm, number> = {
  sha256: 64,
  sha384: 96,
  sha512: 128,
};

const MESSAGES: Record<ReferenceFault, string> = {
  empty: 'The image reference is empty.',
  format: 'This is not an image reference.',
  uppercase: 'Repository names are written in lower case.',
  identifier: 'This is a bare image id, not a repository.',
  too_long: 'The repository name is longer than 255 characters.',
  digest_unsupported: 'Only sha256 and sha512 digests are supported.',
  digest_length: 'The digest does not have the length of its algorithm.',
  digest_format: 'A digest is written in lower case.',
};

/**
 * Reads a reference as people write it, short Docker names included (`redis` is `docker.io/library/redis:…`).
 *
 * Neither a tag nor `latest` is added; see `pullReference`. Throws `REFERENCE_INVALID` with what to change. The text
 * itself is never part of the message, because people paste passwords into it.
 *
 * @example parseReference('ghcr.io/acme/etl:1.4') // { registry: 'ghcr.io', repository: 'acme/etl', tag: '1.4' }
 */
export function parseReference(text: string): ImageReference {
  return toReference(text, 'familiar');
}

/** Reads a reference that must name its registry. Throws `REFERENCE_INVALID`. */
export function parseStrictReference(text: string): ImageReference {
  return toReference(text, 'strict');
}

function toReference(text: string, mode: ReferenceMode): ImageReference {
  if (text.length > MAX_INPUT)
    throw invalid('The reference is longer than 1,024 characters.');
  const reading = readReference(text, mode);
  if (!reading.ok) throw invalid(adviceFor(text) ?? MESSAGES[reading.error]);
  if (reading.domain === null) {
    throw invalid(
      mode === 'strict'
        ? 'Write the registry too, for example ghcr.io/acme/etl.'
        : 'A host name cannot hold an underscore.',
    );
  }
  return {
    registry: reading.domain,
    repository: reading.path,
    ...(reading.tag === null ? {} : { tag: reading.tag }),
    ...(reading.digest === null ? {} : { digest: reading.digest }),
  };
}

/**
 * The grammar without advice: what the shared vectors check. `domain` is null where the grammar finds none, which a
 * caller must treat as invalid in `familiar` mode too (`under_score.com/app`).
 */
export function readReference(
  text: string,
  mode: ReferenceMode,
  algorithms: readonly DigestAlgorithm[] = ['sha256', 'sha512'],
): ReferenceReading {
  let full = text;
  if (mode === 'familiar') {
    if (IDENTIFIER.test(text)) return { ok: false, error: 'identifier' };
    const { domain, remainder } = splitFamiliar(text);
    const name = remainder.split(':', 1)[0] ?? '';
    if (name.toLowerCase() !== name) return { ok: false, error: 'uppercase' };
    full = `${domain}/${remainder}`;
  }
  if (full === '') return { ok: false, error: 'empty' };
  const match = REFERENCE.exec(full);
  const path = match?.[2];
  if (!match || path === undefined) {
    return {
      ok: false,
      error: REFERENCE.test(full.toLowerCase()) ? 'uppercase' : 'format',
    };
  }
  if (path.length > MAX_PATH) return { ok: false, error: 'too_long' };
  const digest = match[4] ?? null;
  const fault = digest === null ? null : digestFault(digest, algorithms);
  if (fault) return { ok: false, error: fault };
  const parts = {
    domain: match[1] ?? null,
    path,
    tag: match[3] ?? null,
    digest,
  };
  return {
    ok: true,
    ...parts,
    canonical: join(parts),
    familiar: familiar(parts),
  };
}

/** The full form, `registry/repository:tag@digest`. The inverse of `parseReference`. */
export function formatReference(reference: ImageReference): string {
  return join({
    domain: reference.registry,
    path: reference.repository,
    tag: reference.tag ?? null,
    digest: reference.digest ?? null,
  });
}

/** The short form people know: `docker.io/library/` is left off. */
export function familiarReference(reference: ImageReference): string {
  return familiar({
    domain: reference.registry,
    path: reference.repository,
    tag: reference.tag ?? null,
    digest: reference.digest ?? null,
  });
}

/** What a client really pulls: the digest where there is one (the tag is dropped), else the tag, else `latest`. */
export function pullReference(reference: ImageReference): ImageReference {
  const { registry, repository, tag, digest } = reference;
  return digest === undefined
    ? { registry, repository, tag: tag ?? 'latest' }
    : { registry, repository, digest };
}

/** The host that serves the API of a registry. Only Docker Hub's differs from its name. */
export function apiHost(registry: string): string {
  return registry === DOCKER_HUB ? 'registry-1.docker.io' : registry;
}

/** The key of a registry in Docker's `config.json`. */
export function credentialKey(registry: string): string {
  return registry === DOCKER_HUB ? 'https://index.docker.io/v1/' : registry;
}

/**
 * The origin of a registry's API, e.g. `https://registry-1.docker.io`. Throws `REFERENCE_INVALID` where the grammar
 * allows a host that no URL can have (`host:99999`, a label above 63 characters).
 */
export function registryOrigin(registry: string, plainHttp: boolean): string {
  const text = `${plainHttp ? 'http' : 'https'}://${apiHost(registry)}/`;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !isDnsLength(url.hostname)) {
    throw invalid('The host or port of this reference cannot exist.');
  }
  return url.origin;
}

function isDnsLength(hostname: string): boolean {
  return (
    hostname.length <= 253 &&
    hostname.split('.').every((label) => label.length <= 63)
  );
}

type Parts = {
  domain: string | null;
  path: string;
  tag: string | null;
  digest: string | null;
};

function join({ domain, path, tag, digest }: Parts): string {
  return (
    (domain === null ? '' : `${domain}/`) +
    path +
    (tag === null ? '' : `:${tag}`) +
    (digest === null ? '' : `@${digest}`)
  );
}

function familiar(parts: Parts): string {
  if (parts.domain !== DOCKER_HUB) return join(parts);
  const official = /^library\/([^/]+)$/.exec(parts.path);
  return join({ ...parts, domain: null, path: official?.[1] ?? parts.path });
}

function splitFamiliar(text: string): { domain: string; remainder: string } {
  const slash = text.indexOf('/');
  const first = slash === -1 ? '' : text.slice(0, slash);
  const isDomain =
    first === 'localhost' ||
    /[.:]/.test(first) ||
    first.toLowerCase() !== first;
  const domain = !isDomain || first === 'index.docker.io' ? DOCKER_HUB : first;
  const remainder = isDomain ? text.slice(slash + 1) : text;
  return domain === DOCKER_HUB && !remainder.includes('/')
    ? { domain, remainder: `library/${remainder}` }
    : { domain, remainder };
}

function digestFault(
  digest: string,
  algorithms: readonly DigestAlgorithm[],
): ReferenceFault | null {
  const [name = '', hex = ''] = digest.split(':');
  if (name.toLowerCase() !== name) return 'digest_format';
  const algorithm = algorithms.find((known) => known === name);
  if (!algorithm) return 'digest_unsupported';
  if (hex.length !== HEX_LENGTH[algorithm]) return 'digest_length';
  return hex.toLowerCase() === hex ? null : 'digest_format';
}

/** The cause behind a rejected text, in the words of its most common mistakes. */
function adviceFor(text: string): string | null {
  if (text.trim() === '') return MESSAGES.empty;
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text);
  if (scheme)
    return `Leave off “${(scheme[1] ?? '').slice(0, 20)}://”; a reference starts with the host.`;
  if (/\$\{|\$[A-Za-z_]|\{\{/.test(text)) {
    return 'The reference holds a variable. Write its value instead.';
  }
  if (/\s/.test(text)) return 'A reference holds no spaces or line breaks.';
  if (/^[^/]*@[^/]*\//.test(text)) {
    return 'Leave off the user name and password; they are stored with the registry.';
  }
  if (text.endsWith('/')) return 'Remove the slash at the end.';
  return null;
}

function invalid(message: string): RegistryError {
  return new RegistryError('REFERENCE_INVALID', message);
}
