import 'server-only';
import { readFile } from 'node:fs/promises';
import { and, eq } from 'drizzle-orm';
import { db } from '@/db';
import { registries } from '@/db/schema';
import { awsVariables } from '@/lib/env';
import { AppError } from '@/lib/errors';
import { AwsRoleDetails } from '@/lib/registry/cloud-credential';
import type { Minted } from '@/lib/registry/cloud/cloud';
import type { RepositoryOutcome } from '@/lib/registry/cloud/ecr';
import {
  type CloudCredential,
  type CloudRegistry,
  makeRepository,
  mintLogin,
  type MintTools,
} from '@/lib/registry/cloud/mint';
import {
  type CloudSettings,
  readCloudSettings,
} from '@/lib/registry/cloud-settings';
import { openEgress } from '@/lib/registry/egress';
import type { StoredSecret } from '@/lib/services/usable-credential';

/** Who a login is made for, and whether one that was made before will do. */
export type MintWish = { sessionName: string; isFresh: boolean };

type Cached = { login: Promise<Minted>; staleAt: number };

const MAX_CACHED = 1000;

// A credential that is replaced gets another id, so what is kept under an id never belongs to another secret.
const cache = new Map<string, Cached>();

/**
 * The login that a stored cloud credential stands for. One is kept for half of its life, per credential and, where a role is
 * assumed, per session, so that AWS notes each build under its own name; `isFresh` makes another in any case. Kept in
 * this process's memory alone. Throws as `mintLogin` does.
 */
export async function mintCredential(
  stored: StoredSecret,
  { sessionName, isFresh }: MintWish,
): Promise<Minted> {
  const credential = toCloudCredential(stored);
  const key = cacheKey(stored.id, credential, sessionName);
  const known = isFresh ? undefined : cache.get(key);
  if (known && known.staleAt > Date.now()) return known.login;
  const login = mint(stored, credential, sessionName);
  // Until it is there, whoever asks for the same shares the one request.
  const entry = { login, staleAt: Infinity };
  cache.set(key, entry);
  try {
    const minted = await login;
    entry.staleAt = (Date.now() + minted.expiresAt.getTime()) / 2;
    prune();
    return minted;
  } catch (error) {
    if (cache.get(key) === entry) cache.delete(key);
    throw error;
  }
}

/** Forgets the logins of credentials that were replaced or deleted. */
export function forgetMinted(credentialIds: readonly string[]): void {
  for (const key of [...cache.keys()]) {
    if (credentialIds.some((id) => key.startsWith(id))) cache.delete(key);
  }
}

/**
 * Makes the repository a push needs at Amazon, when the registry's settings ask for that; `null` when nothing was tried.
 * Throws as `createEcrRepository` does.
 */
export async function makeMissingRepository(
  stored: StoredSecret,
  path: string,
  { sessionName }: Pick<MintWish, 'sessionName'>,
): Promise<RepositoryOutcome | null> {
  if (!stored.method.startsWith('aws_')) return null;
  const credential = toCloudCredential(stored);
  const { registry, settings } = await readRegistry(stored);
  if (!settings.createsRepositories) return null;
  return withTools(settings, (tools) =>
    makeRepository(credential, registry, path, sessionName, tools),
  );
}

async function mint(
  stored: StoredSecret,
  credential: CloudCredential,
  sessionName: string,
): Promise<Minted> {
  const { registry, settings } = await readRegistry(stored);
  return withTools(settings, (tools) =>
    mintLogin(credential, registry, sessionName, tools),
  );
}

function cacheKey(
  id: string,
  credential: CloudCredential,
  sessionName: string,
): string {
  const hasSession = 'role' in credential && credential.role !== null;
  return hasSession ? `${id}:${sessionName}` : id;
}

function prune(): void {
  const now = Date.now();
  for (const [key, { staleAt }] of cache) {
    if (staleAt <= now || cache.size > MAX_CACHED) cache.delete(key);
  }
}

/** What is stored, as the core takes it. Throws CREDENTIAL_UNUSABLE for what makes no login. */
function toCloudCredential(stored: StoredSecret): CloudCredential {
  const { method, username, secret, details } = stored;
  const { roleArn, externalId } = AwsRoleDetails.parse(details);
  const role = roleArn ? { roleArn, externalId: externalId ?? null } : null;
  const keys = { accessKeyId: username, secretAccessKey: secret };
  switch (method) {
    case 'aws_keys':
      return { method, ...keys };
    case 'aws_role':
      if (role) return { method, ...keys, role };
      throw unusable('This credential names no role.');
    case 'aws_ambient':
      return { method, role };
    case 'gcp_key':
      return { method, keyFile: secret };
    case 'gcp_ambient':
      return { method };
    default:
      throw unusable('No login is made from this kind of credential.');
  }
}

function unusable(message: string): AppError {
  return new AppError('CREDENTIAL_UNUSABLE', message);
}

async function readRegistry({ registryId, teamId }: StoredSecret): Promise<{
  registry: CloudRegistry;
  settings: CloudSettings;
}> {
  const [row] = await db()
    .select({ host: registries.host, settings: registries.settings })
    .from(registries)
    .where(and(eq(registries.id, registryId), eq(registries.teamId, teamId)));
  if (!row) throw new AppError('NOT_FOUND', 'There is no such registry.');
  const settings = readCloudSettings(row.settings);
  return {
    registry: {
      host: row.host,
      endpoint: settings.endpoint?.url,
      stsEndpoint: settings.stsEndpoint?.url,
    },
    settings,
  };
}

/** The outside, for the length of one minting: only the endpoints an owner wrote out are open beyond the public internet. */
async function withTools<T>(
  { endpoint, stsEndpoint }: CloudSettings,
  spend: (tools: MintTools) => Promise<T>,
): Promise<T> {
  const allow = [endpoint, stsEndpoint].flatMap((each) =>
    each?.allowance ? [each.allowance] : [],
  );
  const egress = openEgress({ policy: { allow } });
  try {
    return await spend({
      egress,
      now: Date.now,
      surroundings: {
        variables: awsVariables(),
        readFile: (path) => readFile(path, 'utf8'),
      },
      openMetadata: (allowance) =>
        openEgress({ policy: { allow: [allowance] } }),
    });
  } finally {
    await egress.close();
  }
}
