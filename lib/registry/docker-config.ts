import { AppError } from '@/lib/errors';
import { CredentialInput } from './credential';
import { RegistryHost, RegistryInput } from './schema';

/** Bytes of text. A real one has a few hundred. */
export const MAX_DOCKER_CONFIG = 256 * 1024;
const MAX_ENTRIES = 200;

/** Docker Hub's own key: what `docker login` writes, and what a cluster looks for. */
export const HUB_KEY = 'https://index.docker.io/v1/';

const HUB_HOSTS = new Set([
  'docker.io',
  'index.docker.io',
  'registry-1.docker.io',
  'registry.hub.docker.com',
  'hub.docker.com',
]);

/** What one key of a `config.json` holds: a credential for a place, or why it is none. */
export type DockerConfigEntry = {
  /** As it stands in the file, shortened. */
  key: string;
  host: string;
  namespace: string;
  /** The key says `http://`. */
  isHttp: boolean;
} & (
  | { credential: CredentialInput; skipped: null }
  | { credential: null; skipped: string }
);

export type DockerConfig = {
  entries: DockerConfigEntry[];
  /** Programs that hold credentials in its place, by name. They are never run. */
  helpers: string[];
};

/**
 * Reads a Docker or Podman `config.json`: `auths` alone, in the order of the file. Nothing it names is run or opened.
 * An entry that cannot be used says why, without a word of its secret. Throws INVALID_INPUT, at the field `text`, for
 * what is no such file at all.
 *
 * @example readDockerConfig('{"auths":{"ghcr.io":{"auth":"b2N0b2NhdDpwdw=="}}}').entries[0]?.host // 'ghcr.io'
 */
export function readDockerConfig(text: string): DockerConfig {
  if (text.length > MAX_DOCKER_CONFIG)
    throw invalid('This is more than 256 KiB; a config.json is far smaller.');
  const config = asObject(parse(text));
  if (!config) throw invalid('This is not the JSON of a config.json.');
  const store = nameOf(config.credsStore);
  const byHost = asObject(config.credHelpers) ?? {};
  const auths = asObject(config.auths) ?? {};
  const keys = Object.keys(auths);
  const bare = Object.keys(byHost).filter((key) => !Object.hasOwn(auths, key));
  if (keys.length + bare.length === 0)
    throw invalid(
      store === null
        ? 'It holds no "auths".'
        : `It holds no "auths": ${programOf(store)} keeps them, and is never run. Type the credential instead.`,
    );
  if (keys.length + bare.length > MAX_ENTRIES)
    throw invalid(`It holds more than ${String(MAX_ENTRIES)} entries.`);
  const helperOf = (key: string) =>
    (Object.hasOwn(byHost, key) ? nameOf(byHost[key]) : null) ?? store;
  const entries = [
    ...keys.map((key) => readEntry(key, auths[key], helperOf(key))),
    ...bare.map((key) => readEntry(key, {}, helperOf(key))),
  ];
  const helpers = [store, ...Object.values(byHost).map(nameOf)]
    .filter((name) => name !== null)
    .map(programOf);
  return { entries: withoutTwins(entries), helpers: [...new Set(helpers)] };
}

type Fields = Record<string, unknown>;

function readEntry(
  key: string,
  value: unknown,
  helper: string | null,
): DockerConfigEntry {
  const place = readKey(key);
  const shown = { key: key.slice(0, 200), ...place.at };
  if (place.fault !== null)
    return { ...shown, credential: null, skipped: place.fault };
  const found = readCredential(asObject(value) ?? {}, helper);
  return typeof found === 'string'
    ? { ...shown, credential: null, skipped: found }
    : { ...shown, credential: found, skipped: null };
}

type Place = Pick<DockerConfigEntry, 'host' | 'namespace' | 'isHttp'>;

/** Where a key points: `host`, `host:port`, a URL with or without `/v1/`, or Podman's `host/namespace`. */
function readKey(key: string): { at: Place; fault: string | null } {
  const written = key.trim();
  const isHttp = /^http:\/\//i.test(written);
  const bare = written.replace(/^https?:\/\//i, '');
  const cut = bare.indexOf('/');
  const first = (cut < 0 ? bare : bare.slice(0, cut)).toLowerCase();
  const rest = cut < 0 ? '' : bare.slice(cut).replace(/^\/+|\/+$/g, '');
  const path = /^v[012]$/.test(rest) ? '' : rest;
  const host = HUB_HOSTS.has(first) ? 'docker.io' : bracketed(first);
  const at = {
    host: host.slice(0, 200),
    namespace: path.slice(0, 200),
    isHttp,
  };
  if (/[*?]/.test(written) || /\[(?![0-9a-f:.]*\])/i.test(written)) {
    return {
      at,
      fault: 'A pattern stands for many registries. Add the one you mean.',
    };
  }
  const known = RegistryHost.safeParse(host);
  if (!known.success)
    return { at, fault: known.error.issues[0]?.message ?? 'No host.' };
  const namespace = RegistryInput.shape.namespace.safeParse(path);
  return {
    at,
    fault: namespace.success
      ? null
      : (namespace.error.issues[0]?.message ?? 'No namespace.'),
  };
}

/** `::1:5000` is written without brackets in old files; the last group is then a port. */
function bracketed(host: string): string {
  if (host.startsWith('[') || (host.match(/:/g)?.length ?? 0) < 2) return host;
  const end = host.lastIndexOf(':');
  return /^\d{2,5}$/.test(host.slice(end + 1))
    ? `[${host.slice(0, end)}]${host.slice(end)}`
    : `[${host}]`;
}

/** A credential, or why there is none. */
function readCredential(
  fields: Fields,
  helper: string | null,
): CredentialInput | string {
  const auth = textOf(fields.auth);
  const login = auth === '' ? loginOf(fields) : decodeAuth(auth);
  const identity = textOf(fields.identitytoken);
  const bearer = textOf(fields.registrytoken);
  if (bearer !== '') return checked('registry_token', '', bearer);
  const { username, password } = login ?? { username: '', password: '' };
  if (identity !== '') return checked('identity_token', username, identity);
  if (auth !== '' && login === null)
    return 'Its "auth" is not a user name and a password in base64.';
  // What a helper calls so is a token that stands for itself.
  if (username === '<token>') return checked('identity_token', '', password);
  if (username !== '' || password !== '')
    return checked('password', username, password);
  return helper === null
    ? 'It holds no credential.'
    : `${programOf(helper)} keeps its credential, and is never run. Type the credential instead.`;
}

function checked(
  method: CredentialInput['method'],
  username: string,
  password: string,
): CredentialInput | string {
  const result = CredentialInput.safeParse({ method, username, password });
  return result.success
    ? result.data
    : (result.error.issues[0]?.message ?? 'It cannot be used.');
}

function loginOf(fields: Fields) {
  return {
    username: textOf(fields.username),
    password: textOf(fields.password),
  };
}

/** `user:password` in base64, split at the first colon; some writers leave NULs at the end. */
function decodeAuth(
  auth: string,
): { username: string; password: string } | null {
  let text: string;
  try {
    const bytes = Uint8Array.from(atob(auth.trim()), (one) =>
      one.charCodeAt(0),
    );
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
  const colon = text.indexOf(':');
  if (colon < 1) return null;
  return {
    username: text.slice(0, colon),
    password: text.slice(colon + 1).replace(/\0+$/, ''),
  };
}

/** Of keys that mean the same place Docker takes one: its canonical spelling, else the first. */
function withoutTwins(entries: DockerConfigEntry[]): DockerConfigEntry[] {
  const placeOf = ({ host, namespace }: DockerConfigEntry) =>
    `${host}/${namespace}`;
  const isCanonical = ({ key, host }: DockerConfigEntry) =>
    key === (host === 'docker.io' ? HUB_KEY : host);
  return entries.map((entry) => {
    if (entry.credential === null) return entry;
    const twins = entries.filter(
      (other) => other.credential !== null && placeOf(other) === placeOf(entry),
    );
    const taken = twins.find(isCanonical) ?? twins[0];
    return taken === undefined || taken === entry
      ? entry
      : {
          ...entry,
          credential: null,
          skipped: `${taken.key} means the same registry, and is taken.`,
        };
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    // The parser's own message would quote the text.
    return null;
  }
}

function asObject(value: unknown): Fields | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Fields)
    : null;
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : '');

/** A helper's suffix, as far as it looks like one. */
function nameOf(value: unknown): string | null {
  const name = textOf(value);
  return /^[\w.-]{1,60}$/.test(name) ? name : null;
}

const programOf = (name: string) => `docker-credential-${name}`;

const invalid = (message: string) =>
  new AppError('INVALID_INPUT', message, { fields: { text: message } });
