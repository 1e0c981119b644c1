import 'server-only';
import { and, eq, sql } from 'drizzle-orm';
import { db, type Transaction } from '@/db';
import { imageSpecs } from '@/db/schema';
import type { Actor } from '@/lib/auth';
import type { AskAnswer } from '@/lib/build/ask-views';
import { askFor } from '@/lib/build/schema';
import { AppError } from '@/lib/errors';
import { SpecError } from '@/lib/imagespec/errors';
import type {
  CreateSpec,
  RestoreRevision,
  SaveRevision,
  SpecId,
} from '@/lib/imagespec/inputs';
import type { SavedRevision } from '@/lib/imagespec/views';
import { getRevision } from '@/lib/services/revision-views';
import { audit } from '@/lib/services/audit';
import { startBuilds } from '@/lib/services/build-start';
import {
  appendRevision,
  insertSpec,
  type SpecRow,
} from '@/lib/services/spec-revisions';

/** What was saved, and what asking for its build was answered. */
type Built = { id: string; revision: number; build: AskAnswer };

/** Makes a spec with its first revision. Throws NAME_TAKEN, SPEC_INVALID. */
export async function createSpec(
  actor: Actor,
  input: CreateSpec,
): Promise<SavedRevision> {
  return db().transaction((tx) => create(tx, actor, input));
}

/**
 * Saves an edit as the next revision. What is the same as the current revision makes none. Throws CONFLICT when
 * somebody saved another one since `baseRevision`, NOT_FOUND, SPEC_ARCHIVED, SPEC_INVALID, NAME_TAKEN.
 */
export async function saveRevision(
  actor: Actor,
  input: SaveRevision,
): Promise<SavedRevision> {
  return db().transaction((tx) => save(tx, actor, input));
}

/**
 * Saves an earlier revision again as the newest, with the flytekit it had. Throws as `saveRevision`.
 */
export async function restoreRevision(
  actor: Actor,
  { specId, number, baseRevision }: RestoreRevision,
): Promise<SavedRevision> {
  const earlier = await getRevision(actor, { specId, number });
  return db().transaction(async (tx) => {
    const spec = await lockSpec(tx, actor, specId);
    if (spec.archivedAt)
      throw new AppError('SPEC_ARCHIVED', `${spec.name} is archived.`);
    const message = `Restored from revision ${number}`;
    const draft = {
      ...earlier,
      registryId: null,
      message,
      origin: 'form',
    } as const;
    return appendRevision(tx, actor, spec, draft, { baseRevision });
  });
}

/** `createSpec`, then a build of it. Throws SPEC_INVALID, and saves nothing, when there is nowhere to push to. */
export async function createAndBuild(
  actor: Actor,
  input: CreateSpec,
): Promise<Built> {
  const saved = await db().transaction(async (tx) =>
    requireTarget(tx, await create(tx, actor, input)),
  );
  return build(actor, saved);
}

/** `saveRevision`, then a build of that revision, also when it was there already. Throws as `createAndBuild`. */
export async function saveAndBuild(
  actor: Actor,
  input: SaveRevision,
): Promise<Built> {
  const saved = await db().transaction(async (tx) =>
    requireTarget(tx, await save(tx, actor, input)),
  );
  return build(actor, saved);
}

/** Hides a spec from lists and keeps it from being built. Its revisions, builds and tasks stay. */
export async function archiveSpec(
  actor: Actor,
  input: SpecId,
): Promise<{ id: string }> {
  return setArchived(actor, input.specId, true);
}

/** Undoes `archiveSpec`. */
export async function restoreSpec(
  actor: Actor,
  input: SpecId,
): Promise<{ id: string }> {
  return setArchived(actor, input.specId, false);
}

function create(tx: Transaction, actor: Actor, input: CreateSpec) {
  return insertSpec(tx, actor, { ...input, origin: 'form' });
}

async function save(tx: Transaction, actor: Actor, input: SaveRevision) {
  const spec = await lockSpec(tx, actor, input.specId);
  if (spec.archivedAt)
    throw new AppError('SPEC_ARCHIVED', `${spec.name} is archived.`);
  const draft = { ...input, origin: 'form' } as const;
  const { baseRevision } = input;
  return appendRevision(tx, actor, spec, draft, { baseRevision });
}

async function requireTarget(
  tx: Transaction,
  saved: SavedRevision,
): Promise<SavedRevision> {
  const [spec] = await tx
    .select({ registryId: imageSpecs.registryId })
    .from(imageSpecs)
    .where(eq(imageSpecs.id, saved.id));
  if (spec?.registryId) return saved;
  const message = 'Choose a registry, so that the image has somewhere to go.';
  throw new SpecError(message, { registry: message });
}

async function build(
  actor: Actor,
  { id, revision }: SavedRevision,
): Promise<Built> {
  const build = await startBuilds(actor, askFor([{ specId: id, revision }]));
  return { id, revision, build };
}

async function setArchived(
  actor: Actor,
  specId: string,
  isArchived: boolean,
): Promise<{ id: string }> {
  return db().transaction(async (tx) => {
    const spec = await lockSpec(tx, actor, specId);
    if ((spec.archivedAt !== null) === isArchived) return { id: spec.id };
    await tx
      .update(imageSpecs)
      .set({ archivedAt: isArchived ? sql`now()` : null })
      .where(eq(imageSpecs.id, spec.id));
    await audit(tx, actor, {
      action: isArchived ? 'spec.archive' : 'spec.restore',
      subject: spec.name,
      subjectId: spec.id,
    });
    return { id: spec.id };
  });
}

/** The row of a spec, locked until the transaction ends. Throws NOT_FOUND, for another team's too. */
export async function lockSpec(
  tx: Transaction,
  actor: Actor,
  specId: string,
): Promise<SpecRow> {
  const [spec] = await tx
    .select()
    .from(imageSpecs)
    .where(and(eq(imageSpecs.id, specId), eq(imageSpecs.teamId, actor.teamId)))
    .for('update');
  if (!spec) throw new AppError('NOT_FOUND', 'There is no such spec.');
  return spec;
}
