import 'server-only';
import { and, eq, sql } from 'drizzle-orm';
import type { Transaction } from '@/db';
import { imageSpecs, specRevisions } from '@/db/schema';
import type { Actor } from '@/lib/auth';
import { AppError } from '@/lib/errors';
import { basePlatformFault } from '@/lib/imagespec/base-platforms';
import { copiesProject } from '@/lib/imagespec/copy-plan';
import { type DefinitionParts, filesOf } from '@/lib/imagespec/definition';
import { SpecError } from '@/lib/imagespec/errors';
import { ImageSpec } from '@/lib/imagespec/schema';
import type { RevisionOrigin, SavedRevision } from '@/lib/imagespec/views';
import { audit } from '@/lib/services/audit';
import { storeRevisionFiles } from '@/lib/services/revision-files';
import {
  computeRevision,
  readDefinition,
  type WholeDefinition,
} from '@/lib/services/spec-definitions';
import { resolveRegistry } from '@/lib/services/spec-registry';

export type SpecRow = typeof imageSpecs.$inferSelect;
type RevisionRow = typeof specRevisions.$inferSelect;

/** What somebody asks to have saved. Tag, hash, image name and id are computed here, whatever else was sent. */
export type Draft = DefinitionParts & {
  fields: ImageSpec;
  registryId: string | null;
  message: string;
  origin: RevisionOrigin;
};

/** Makes a spec with its first revision. Throws NAME_TAKEN, SPEC_INVALID, NOT_FOUND (registry). */
export async function insertSpec(
  tx: Transaction,
  actor: Actor,
  draft: Draft,
  name = draft.fields.name.toLowerCase(),
): Promise<SavedRevision> {
  await requireFreeName(tx, actor, name);
  const place = await resolveRegistry(tx, actor, draft);
  const [spec] = await tx
    .insert(imageSpecs)
    .values({
      teamId: actor.teamId,
      name,
      registryId: place.registryId,
      currentRevision: 1,
    })
    .returning();
  if (!spec) throw new Error('The spec was not stored.');
  const definition = await readDefinition(tx, actor, place.fields, draft);
  await insertRevision(tx, actor, spec, 1, draft, definition);
  await audit(tx, actor, {
    action: 'spec.create',
    subject: name,
    subjectId: spec.id,
  });
  return { id: spec.id, name, revision: 1, isNew: true };
}

/**
 * Adds a revision to a locked spec, unless its current one asks for the same already: then only the registry it is
 * joined to may change. `keepsFlytekit` leaves a spec that is otherwise the same with the flytekit it has.
 * Throws CONFLICT when the edit began from an older revision, SPEC_INVALID, NAME_TAKEN.
 */
export async function appendRevision(
  tx: Transaction,
  actor: Actor,
  spec: SpecRow,
  draft: Draft,
  options: { baseRevision?: number; keepsFlytekit?: boolean } = {},
): Promise<SavedRevision> {
  const current = await readCurrent(tx, spec);
  const { registryId, ...place } = await resolveRegistry(tx, actor, draft);
  const definition = await readDefinition(tx, actor, place.fields, draft);
  const files = await storeRevisionFiles(
    tx,
    actor.teamId,
    filesOf(definition.fields, draft),
  );
  const { fields, parts } = definition;
  const isSame =
    canonical(fields, files, parts) ===
      canonical(current.fields, current.files, current) &&
    (options.keepsFlytekit === true ||
      current.flytekitVersion === parts.flytekitVersion);
  if (isSame) {
    if (registryId !== spec.registryId) {
      await tx
        .update(imageSpecs)
        .set({ registryId })
        .where(eq(imageSpecs.id, spec.id));
    }
    const { id, name } = spec;
    return { id, name, revision: current.number, isNew: false };
  }
  const { baseRevision = spec.currentRevision } = options;
  if (baseRevision !== spec.currentRevision) {
    throw new AppError(
      'CONFLICT',
      `Revision ${spec.currentRevision} of ${spec.name} was saved after you began from revision ${baseRevision}.`,
    );
  }
  const number = spec.currentRevision + 1;
  const name = nameAfter(spec, current.fields, fields);
  if (name !== spec.name) await requireFreeName(tx, actor, name);
  await insertRevision(tx, actor, spec, number, draft, definition);
  await tx
    .update(imageSpecs)
    .set({ currentRevision: number, name, registryId })
    .where(eq(imageSpecs.id, spec.id));
  await audit(tx, actor, {
    action: 'spec.revise',
    subject: name,
    subjectId: spec.id,
    detail: { revision: number },
  });
  return { id: spec.id, name, revision: number, isNew: true };
}

async function insertRevision(
  tx: Transaction,
  actor: Actor,
  spec: SpecRow,
  number: number,
  { message, origin }: Draft,
  definition: WholeDefinition,
): Promise<void> {
  const { fields, parts } = definition;
  if (parts.requirements !== null && !fields.requirements) {
    const fault = 'Name the file whose text this is.';
    throw new SpecError(fault, { requirements: fault });
  }
  // What is imported is kept as its code says, and told of when it is built.
  const platform = origin === 'form' ? basePlatformFault(fields) : null;
  if (platform !== null) throw new SpecError(platform, { platform });
  const computed = await computeRevision(actor.teamId, definition);
  const texts = filesOf(fields, parts);
  await tx.insert(specRevisions).values({
    teamId: actor.teamId,
    specId: spec.id,
    number,
    fields,
    files: await storeRevisionFiles(tx, actor.teamId, texts),
    archive: copiesProject(fields) ? parts.archive : null,
    secretNames: parts.secretNames,
    baseRevisionId: parts.baseRevisionId,
    message,
    origin,
    authorId: actor.userId,
    ...computed,
  });
}

async function readCurrent(
  tx: Transaction,
  spec: SpecRow,
): Promise<RevisionRow> {
  const [current] = await tx
    .select()
    .from(specRevisions)
    .where(
      and(
        eq(specRevisions.specId, spec.id),
        eq(specRevisions.number, spec.currentRevision),
      ),
    );
  if (!current) throw new Error('A spec has lost its current revision.');
  return { ...current, fields: ImageSpec.parse(current.fields) };
}

/** jsonb forgets the order of keys, so both sides are written in the schema's. */
function canonical(
  fields: ImageSpec,
  files: Record<string, string>,
  parts: Pick<DefinitionParts, 'archive' | 'secretNames' | 'baseRevisionId'>,
): string {
  return JSON.stringify([
    ImageSpec.parse(fields),
    Object.entries(files).sort(),
    copiesProject(fields) ? parts.archive : null,
    Object.entries(parts.secretNames).sort(),
    parts.baseRevisionId,
  ]);
}

/** A spec is called as its image is, unless it was given a name of its own. */
function nameAfter(spec: SpecRow, before: ImageSpec, after: ImageSpec): string {
  return spec.name === before.name.toLowerCase()
    ? after.name.toLowerCase()
    : spec.name;
}

async function requireFreeName(
  tx: Transaction,
  actor: Actor,
  name: string,
): Promise<void> {
  // Two people who take the same name at once: the second waits and then finds it taken.
  await tx.execute(
    sql`select pg_advisory_xact_lock(hashtext(${`imageyard.spec_name.${actor.teamId}`}))`,
  );
  const [taken] = await tx
    .select({ archivedAt: imageSpecs.archivedAt })
    .from(imageSpecs)
    .where(and(eq(imageSpecs.teamId, actor.teamId), eq(imageSpecs.name, name)));
  if (!taken) return;
  const message = taken.archivedAt
    ? `An archived spec is called ${name}. Restore it, or choose another name.`
    : `A spec called ${name} exists already.`;
  throw new AppError('NAME_TAKEN', message, { fields: { name: message } });
}
