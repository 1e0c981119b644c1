import 'server-only';
import { and, eq, isNull, ne, sql } from 'drizzle-orm';
import { db, type Transaction } from '@/db';
import { imageSpecs, registries, repositories } from '@/db/schema';
import type { Actor } from '@/lib/auth';
import { AppError } from '@/lib/errors';
import type {
  CreateRegistry,
  CredentialPlace,
  RegistryId,
  ReplaceCredential,
  UpdateRegistry,
} from '@/lib/registry/forms';
import { audit } from '@/lib/services/audit';
import {
  removeCredential,
  replaceCredential as storeCredential,
} from '@/lib/services/credentials';
import { openedRanges } from '@/lib/services/registry-addresses';
import type { RegistryRow } from '@/lib/services/registry-clients';
import { coveringRegistry } from '@/lib/registry/covering';
import { kindOf } from '@/lib/registry/kinds';
import { adoptSpecs } from '@/lib/services/spec-registry';

/** A registry of the actor's team. Throws NOT_FOUND. */
export async function requireRegistry(
  actor: Actor,
  registryId: string,
): Promise<RegistryRow> {
  const [row] = await db()
    .select()
    .from(registries)
    .where(
      and(eq(registries.id, registryId), eq(registries.teamId, actor.teamId)),
    );
  if (!row) throw new AppError('NOT_FOUND', 'There is no such registry.');
  return row;
}

/**
 * Adds a registry, with its credential when one was typed. Loopback, private and plain-http hosts are the owner's to
 * open, with `allowPrivate`. Throws NAME_TAKEN, NOT_ALLOWED, REGISTRY_BLOCKED, each at its field.
 */
export async function createRegistry(
  actor: Actor,
  input: CreateRegistry,
): Promise<{ id: string }> {
  const allowedRanges = await openedRanges(actor, input);
  return db().transaction(async (tx) => {
    await requireFreeName(tx, actor, input.name);
    const { name, host, namespace, plainHttp } = input;
    const [row] = await tx
      .insert(registries)
      .values({
        teamId: actor.teamId,
        kind: kindOf(host),
        name,
        host,
        namespace,
        plainHttp,
        allowedRanges,
        createdBy: actor.userId,
      })
      .returning();
    if (!row) throw new Error('The registry was not stored.');
    if (input.credential)
      await storeCredential(tx, row, 'push', input.credential, actor.userId);
    await adoptRepositories(tx, actor.teamId, host);
    await audit(tx, actor, {
      action: 'registry.create',
      subject: name,
      subjectId: row.id,
      detail: { host, plainHttp, opened: allowedRanges.join(' ') },
    });
    return { id: row.id };
  });
}

/**
 * Changes a registry's name or place. A credential belongs to its host: another host or scheme deletes it, and the
 * form says so beforehand.
 */
export async function updateRegistry(
  actor: Actor,
  input: UpdateRegistry,
): Promise<{ id: string }> {
  const before = await requireRegistry(actor, input.registryId);
  const allowedRanges = await openedRanges(actor, input);
  return db().transaction(async (tx) => {
    await requireFreeName(tx, actor, input.name, before.id);
    const { name, host, namespace, plainHttp } = input;
    await tx
      .update(registries)
      .set({
        name,
        host,
        namespace,
        plainHttp,
        allowedRanges,
        ...(host === before.host ? {} : { kind: kindOf(host) }),
      })
      .where(eq(registries.id, before.id));
    const hasMoved = host !== before.host || plainHttp !== before.plainHttp;
    if (hasMoved) await removeCredential(tx, before);
    await adoptRepositories(tx, actor.teamId, host);
    await audit(tx, actor, {
      action: 'registry.update',
      subject: name,
      subjectId: before.id,
      detail: {
        host,
        plainHttp,
        opened: allowedRanges.join(' '),
        credentialDeleted: hasMoved,
      },
    });
    return { id: before.id };
  });
}

/** Puts a new credential in the place of the old one of its purpose, whose secret is gone for good. */
export async function replaceCredential(
  actor: Actor,
  input: ReplaceCredential,
): Promise<{ id: string }> {
  const registry = await requireRegistry(actor, input.registryId);
  await db().transaction(async (tx) => {
    await storeCredential(
      tx,
      registry,
      input.purpose,
      input.credential,
      actor.userId,
    );
    await audit(tx, actor, {
      action: 'credential.replace',
      subject: registry.name,
      subjectId: registry.id,
      detail: { purpose: input.purpose, method: input.credential.method },
    });
  });
  return { id: registry.id };
}

/** Deletes the stored secret for good. What needs it will be refused. */
export async function deleteCredential(
  actor: Actor,
  input: CredentialPlace,
): Promise<{ id: string }> {
  const registry = await requireRegistry(actor, input.registryId);
  await db().transaction(async (tx) => {
    await removeCredential(tx, registry, input.purpose);
    await audit(tx, actor, {
      action: 'credential.delete',
      subject: registry.name,
      subjectId: registry.id,
      detail: { purpose: input.purpose },
    });
  });
  return { id: registry.id };
}

/** Archives a registry: history keeps pointing at it, its secret is deleted. Refused while a live spec pushes there. */
export async function archiveRegistry(
  actor: Actor,
  input: RegistryId,
): Promise<{ id: string }> {
  const registry = await requireRegistry(actor, input.registryId);
  await db().transaction(async (tx) => {
    const [spec] = await tx
      .select({ name: imageSpecs.name })
      .from(imageSpecs)
      .where(
        and(
          eq(imageSpecs.registryId, registry.id),
          isNull(imageSpecs.archivedAt),
        ),
      )
      .limit(1);
    if (spec)
      throw new AppError(
        'CONFLICT',
        `The spec ${spec.name} still pushes here. Archive it or move it first.`,
      );
    await removeCredential(tx, registry);
    await tx
      .update(registries)
      // The name becomes free for another one.
      .set({
        archivedAt: sql`now()`,
        name: `${registry.name} (archived ${registry.id.slice(-6)})`,
      })
      .where(
        and(eq(registries.id, registry.id), isNull(registries.archivedAt)),
      );
    await audit(tx, actor, {
      action: 'registry.archive',
      subject: registry.name,
      subjectId: registry.id,
    });
  });
  return { id: registry.id };
}

async function requireFreeName(
  tx: Transaction,
  actor: Actor,
  name: string,
  exceptId?: string,
): Promise<void> {
  const [taken] = await tx
    .select({ id: registries.id })
    .from(registries)
    .where(
      and(
        eq(registries.teamId, actor.teamId),
        eq(registries.name, name),
        exceptId ? ne(registries.id, exceptId) : undefined,
      ),
    );
  if (!taken) return;
  throw new AppError(
    'NAME_TAKEN',
    `There is a registry named ${name} already.`,
    {
      fields: { name: 'This name is taken. Choose another.' },
    },
  );
}

/** Joins the repositories on a host to the registry that covers them now. */
async function adoptRepositories(
  tx: Transaction,
  teamId: string,
  host: string,
): Promise<void> {
  const candidates = await tx
    .select()
    .from(registries)
    .where(and(eq(registries.teamId, teamId), eq(registries.host, host)));
  const rows = await tx
    .select()
    .from(repositories)
    .where(and(eq(repositories.teamId, teamId), eq(repositories.host, host)));
  for (const row of rows) {
    const registryId = coveringRegistry(candidates, row.path)?.id ?? null;
    if (registryId === row.registryId) continue;
    await tx
      .update(repositories)
      .set({ registryId })
      .where(eq(repositories.id, row.id));
  }
  await adoptSpecs(tx, teamId);
}
