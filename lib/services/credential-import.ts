import 'server-only';
import { and, eq, inArray, isNull } from 'drizzle-orm';
import { db, type Transaction } from '@/db';
import { credentials, registries } from '@/db/schema';
import type { Actor } from '@/lib/auth';
import { AppError } from '@/lib/errors';
import { formatPlace, isBelow } from '@/lib/registry/covering';
import type { CredentialInput } from '@/lib/registry/credential';
import {
  type DockerConfigEntry,
  readDockerConfig,
} from '@/lib/registry/docker-config';
import type { ImportCredentials, ReadImport } from '@/lib/registry/forms';
import { KINDS, kindOf } from '@/lib/registry/kinds';
import type { ImportRowView, ImportView } from '@/lib/registry/views';
import { isLoopbackHost } from '@/lib/registry/loopback';
import { audit } from '@/lib/services/audit';
import { replaceCredential } from '@/lib/services/credentials';
import { insertRegistry } from '@/lib/services/registries';
import { openedRanges } from '@/lib/services/registry-addresses';
import type { RegistryRow } from '@/lib/services/registry-clients';

/** A row of the preview with what it stands for. */
type Plan = {
  view: ImportRowView;
  entry: DockerConfigEntry;
  registry: RegistryRow | null;
  allowedRanges: string[];
};

/**
 * What a `config.json` would bring: each entry with the registry it fits, or as a new one, or why it is left out. Stores
 * nothing, runs nothing, and gives no secret back. Throws INVALID_INPUT at `text`.
 */
export async function readImport(
  actor: Actor,
  { text }: ReadImport,
): Promise<ImportView> {
  const { entries, helpers } = readDockerConfig(text);
  const plans = await plan(actor, entries);
  return { rows: plans.map(({ view }) => view), helpers };
}

/**
 * Stores the chosen entries, all or none, each to be tested. A new registry at a loopback, private or plain-http address
 * is opened by being chosen, by an owner. Throws INVALID_INPUT for a choice that is not on offer.
 */
export async function importCredentials(
  actor: Actor,
  { text, purpose, choices }: ImportCredentials,
): Promise<{ registries: { id: string; name: string; isNew: boolean }[] }> {
  const plans = await plan(actor, readDockerConfig(text).entries);
  const chosen = choices.map(({ key, registryId }) => {
    const found = plans.find(
      ({ view }) =>
        view.key === key && (view.registry?.id ?? null) === registryId,
    );
    const credential = found?.entry.credential;
    if (!found || !credential || found.view.skipped !== null)
      throw new AppError('INVALID_INPUT', `${key} cannot be taken any more.`);
    return { ...found, credential };
  });
  return db().transaction(async (tx) => {
    const stored = [];
    for (const one of chosen) {
      const registry = one.registry ?? (await addRegistry(tx, actor, one));
      await storeOne(tx, actor, registry, purpose, one.credential);
      const { id, name } = registry;
      stored.push({ id, name, isNew: one.registry === null });
    }
    return { registries: stored };
  });
}

async function storeOne(
  tx: Transaction,
  actor: Actor,
  registry: RegistryRow,
  purpose: ImportCredentials['purpose'],
  credential: CredentialInput,
): Promise<void> {
  await replaceCredential(tx, registry, purpose, credential, actor.userId);
  await audit(tx, actor, {
    action: 'credential.import',
    subject: registry.name,
    subjectId: registry.id,
    detail: { purpose, method: credential.method },
  });
}

async function addRegistry(
  tx: Transaction,
  actor: Actor,
  { view, entry, allowedRanges }: Plan,
): Promise<RegistryRow> {
  const { host, namespace } = entry;
  const name = await freeName(tx, actor, view.newName ?? host);
  const { plainHttp } = view;
  const input = { name, host, namespace, plainHttp };
  return insertRegistry(tx, actor, input, allowedRanges);
}

async function freeName(
  tx: Transaction,
  actor: Actor,
  wanted: string,
): Promise<string> {
  const rows = await tx
    .select({ name: registries.name })
    .from(registries)
    .where(eq(registries.teamId, actor.teamId));
  const taken = new Set(rows.map(({ name }) => name));
  for (let count = 1; ; count += 1) {
    const name = count === 1 ? wanted : `${wanted} ${String(count)}`;
    if (!taken.has(name)) return name;
  }
}

async function plan(
  actor: Actor,
  entries: DockerConfigEntry[],
): Promise<Plan[]> {
  const hosts = [...new Set(entries.map(({ host }) => host))];
  const rows = await db()
    .select()
    .from(registries)
    .where(
      and(
        eq(registries.teamId, actor.teamId),
        inArray(registries.host, hosts),
        isNull(registries.archivedAt),
      ),
    );
  const stored = await db()
    .select({
      registryId: credentials.registryId,
      purpose: credentials.purpose,
    })
    .from(credentials)
    .where(eq(credentials.teamId, actor.teamId));
  const purposesOf = (id: string) =>
    stored.filter((one) => one.registryId === id).map(({ purpose }) => purpose);
  const plans = await Promise.all(
    entries.map(async (entry): Promise<Plan[]> => {
      const fitting = entry.credential
        ? rows.filter((row) => fits(row, entry))
        : [];
      if (fitting.length === 0) return [await planNew(actor, entry)];
      return fitting.map((registry) => ({
        entry,
        registry,
        allowedRanges: [],
        view: {
          ...common(entry),
          registry: {
            id: registry.id,
            name: registry.name,
            stored: purposesOf(registry.id),
          },
          newName: null,
          prefix: formatPlace(registry),
          plainHttp: registry.plainHttp,
        },
      }));
    }),
  );
  return plans.flat();
}

/** A key without a path stands for the whole host; one with a path for what lies there. */
function fits(
  registry: RegistryRow,
  { host, namespace }: DockerConfigEntry,
): boolean {
  return registry.host === host && isBelow(namespace, registry.namespace);
}

async function planNew(actor: Actor, entry: DockerConfigEntry): Promise<Plan> {
  const { host, namespace } = entry;
  const kind = KINDS[kindOf(host)];
  const isKnown = namespace === '' && kind.kind !== 'generic';
  // As engines do, which speak plain http to their own machine.
  const plainHttp = entry.isHttp || isLoopbackHost(host);
  const view: ImportRowView = {
    ...common(entry),
    newName: isKnown ? kind.name : formatPlace(entry).slice(0, 70),
    plainHttp,
  };
  if (entry.credential === null)
    return { entry, registry: null, allowedRanges: [], view };
  try {
    const place = { host, plainHttp, allowPrivate: true };
    const allowedRanges = await openedRanges(actor, place);
    const opensAddress = allowedRanges.length > 0;
    const opened = { ...view, opensAddress };
    return { entry, registry: null, allowedRanges, view: opened };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const refused = { ...view, skipped: error.message };
    return { entry, registry: null, allowedRanges: [], view: refused };
  }
}

function common(entry: DockerConfigEntry): ImportRowView {
  return {
    key: entry.key,
    prefix: formatPlace(entry),
    username: entry.credential?.username ?? '',
    method: entry.credential?.method ?? null,
    registry: null,
    newName: null,
    plainHttp: false,
    opensAddress: false,
    skipped: entry.skipped,
  };
}
