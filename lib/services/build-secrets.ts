import 'server-only';
import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm';
import { v7 } from 'uuid';
import { db, type Database, type Transaction } from '@/db';
import { buildSecrets, imageSpecs, specRevisions, users } from '@/db/schema';
import type { Actor } from '@/lib/auth';
import { keyIdOf, open, seal } from '@/lib/crypto';
import { AppError } from '@/lib/errors';
import { ImageSpec } from '@/lib/imagespec/schema';
import {
  type SecretId,
  secretNameOf,
  type SecretView,
  type StoreSecret,
} from '@/lib/imagespec/secrets';
import { audit } from '@/lib/services/audit';
import { requireOwner } from '@/lib/services/roles';

const place = (row: { id: string; teamId: string }) => ({
  table: 'build_secrets',
  rowId: row.id,
  teamId: row.teamId,
});

/** The team's secrets by name, each with the specs that mount it. */
export async function listSecrets(actor: Actor): Promise<SecretView[]> {
  const rows = await db()
    .select({
      id: buildSecrets.id,
      name: buildSecrets.name,
      storedBy: users.name,
      storedAt: buildSecrets.storedAt,
      lastUsedAt: buildSecrets.lastUsedAt,
    })
    .from(buildSecrets)
    .leftJoin(users, eq(users.id, buildSecrets.storedBy))
    .where(eq(buildSecrets.teamId, actor.teamId))
    .orderBy(asc(buildSecrets.name));
  const mounted = await readMounted(actor.teamId);
  return rows.map((row) => ({
    ...row,
    storedAt: row.storedAt.toISOString(),
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
    specs: mounted.get(row.name) ?? [],
  }));
}

/** Secret name → the specs whose current revision mounts it. */
async function readMounted(
  teamId: string,
): Promise<Map<string, SecretView['specs']>> {
  const rows = await db()
    .select({
      id: imageSpecs.id,
      name: imageSpecs.name,
      fields: specRevisions.fields,
      secretNames: specRevisions.secretNames,
    })
    .from(imageSpecs)
    .innerJoin(
      specRevisions,
      and(
        eq(specRevisions.specId, imageSpecs.id),
        eq(specRevisions.number, imageSpecs.currentRevision),
      ),
    )
    .where(
      and(
        eq(imageSpecs.teamId, teamId),
        isNull(imageSpecs.archivedAt),
        sql`${specRevisions.fields} ? 'pip_secret_mounts'`,
      ),
    )
    .orderBy(asc(imageSpecs.name));
  const mounted = new Map<string, SecretView['specs']>();
  for (const { fields, secretNames, ...spec } of rows) {
    const mounts = ImageSpec.parse(fields).pip_secret_mounts ?? [];
    const names = mounts.map(([source]) => secretNameOf(source, secretNames));
    for (const name of new Set(names)) {
      mounted.set(name, [...(mounted.get(name) ?? []), spec]);
    }
  }
  return mounted;
}

/** Stores a secret, in the place of one of the same name. Owner only: whoever builds can read what is mounted. */
export async function storeSecret(
  actor: Actor,
  { name, content }: StoreSecret,
): Promise<{ id: string }> {
  requireOwner(actor);
  const id = v7();
  return db().transaction(async (tx) => {
    // Two owners who store the same name at once: the second replaces what the first stored.
    await tx.execute(
      sql`select pg_advisory_xact_lock(hashtext(${`imageyard.secret_name.${actor.teamId}`}))`,
    );
    const [old] = await tx
      .delete(buildSecrets)
      .where(
        and(eq(buildSecrets.teamId, actor.teamId), eq(buildSecrets.name, name)),
      )
      .returning({ id: buildSecrets.id });
    const sealedContent = seal(content, place({ id, teamId: actor.teamId }));
    await tx.insert(buildSecrets).values({
      id,
      teamId: actor.teamId,
      name,
      sealedContent,
      keyId: keyIdOf(sealedContent),
      storedBy: actor.userId,
    });
    await audit(tx, actor, {
      action: old ? 'secret.replace' : 'secret.store',
      subject: name,
      subjectId: id,
    });
    return { id };
  });
}

/** Deletes a secret for real. What mounts it cannot be built until one of that name is stored. Owner only. */
export async function deleteSecret(
  actor: Actor,
  { secretId }: SecretId,
): Promise<{ name: string }> {
  requireOwner(actor);
  return db().transaction(async (tx) => {
    const [gone] = await tx
      .delete(buildSecrets)
      .where(
        and(
          eq(buildSecrets.id, secretId),
          eq(buildSecrets.teamId, actor.teamId),
        ),
      )
      .returning({ name: buildSecrets.name });
    if (!gone) throw new AppError('NOT_FOUND', 'There is no such secret.');
    await audit(tx, actor, {
      action: 'secret.delete',
      subject: gone.name,
      subjectId: secretId,
    });
    return gone;
  });
}

/** Which of these names the team has no secret for. */
export async function missingSecrets(
  tx: Transaction | Database,
  teamId: string,
  names: readonly string[],
): Promise<string[]> {
  if (names.length === 0) return [];
  const rows = await tx
    .select({ name: buildSecrets.name })
    .from(buildSecrets)
    .where(
      and(
        eq(buildSecrets.teamId, teamId),
        inArray(buildSecrets.name, [...names]),
      ),
    );
  const known = new Set(rows.map(({ name }) => name));
  return [...new Set(names)].filter((name) => !known.has(name));
}

/**
 * The content of the named secrets, for one attempt; each use is stamped. Throws BUILD_SECRET_MISSING for one that was deleted,
 * CREDENTIAL_SEALED when the installation key does not fit.
 */
export async function openSecrets(
  teamId: string,
  names: readonly string[],
): Promise<Map<string, string>> {
  if (names.length === 0) return new Map();
  const rows = await db()
    .update(buildSecrets)
    .set({ lastUsedAt: sql`now()` })
    .where(
      and(
        eq(buildSecrets.teamId, teamId),
        inArray(buildSecrets.name, [...names]),
      ),
    )
    .returning();
  const contents = new Map(
    rows.map((row) => [row.name, open(row.sealedContent, place(row))]),
  );
  const missing = names.find((name) => !contents.has(name));
  if (missing === undefined) return contents;
  throw new AppError(
    'BUILD_SECRET_MISSING',
    `There is no secret ${missing} any more.`,
  );
}
