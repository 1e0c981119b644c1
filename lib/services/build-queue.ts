import 'server-only';
import { and, desc, eq, inArray, sql } from 'drizzle-orm';
import type { Transaction } from '@/db';
import { builds, imageSpecs, registries, specRevisions } from '@/db/schema';
import type { Actor } from '@/lib/auth';
import type { StartBuild } from '@/lib/build/schema';
import { BUILD_STATES, type BuildCause, isMoving } from '@/lib/build/state';
import { AppError } from '@/lib/errors';
import { DEFAULT_PLATFORM } from '@/lib/imagespec/defaults';
import { ImageSpec } from '@/lib/imagespec/schema';
import { secretNameOf } from '@/lib/imagespec/secrets';
import { missingSecrets } from '@/lib/services/build-secrets';
import { notify } from '@/lib/services/notify';
import { ensureRepository } from '@/lib/services/repositories';

export type Started = { id: string; number: number };
type Spec = typeof imageSpecs.$inferSelect;
type Revision = typeof specRevisions.$inferSelect;

/** A build that may serve as a base: it is published, or still on its way. */
const MAY_SERVE = BUILD_STATES.filter(
  (state) =>
    state === 'published' || (isMoving(state) && state !== 'cancelling'),
);

/**
 * Queues a build of a spec's revision; a base that is a spec is built first, unless a build of that revision is there or
 * on its way. Throws NOT_FOUND, SPEC_ARCHIVED, SPEC_INVALID (no registry to push to, a secret or a field that no build
 * can have).
 */
export async function queueBuild(
  tx: Transaction,
  actor: Actor,
  input: StartBuild & { cause: BuildCause },
): Promise<Started> {
  const [row] = await tx
    .select({ spec: imageSpecs, revision: specRevisions, registry: registries })
    .from(imageSpecs)
    .innerJoin(
      specRevisions,
      and(
        eq(specRevisions.specId, imageSpecs.id),
        eq(
          specRevisions.number,
          input.revision ?? sql`${imageSpecs.currentRevision}`,
        ),
      ),
    )
    .leftJoin(registries, eq(registries.id, imageSpecs.registryId))
    .where(
      and(eq(imageSpecs.id, input.specId), eq(imageSpecs.teamId, actor.teamId)),
    );
  if (!row)
    throw new AppError('NOT_FOUND', 'There is no such spec or revision.');
  const { spec, revision, registry } = row;
  if (spec.archivedAt)
    throw new AppError('SPEC_ARCHIVED', `${spec.name} is archived.`);
  if (!registry || registry.archivedAt) {
    throw new AppError(
      'SPEC_INVALID',
      `${spec.name} has no registry to push to. Edit it and choose one.`,
    );
  }
  const fields = ImageSpec.parse(revision.fields);
  await requireSecrets(actor, spec, fields, revision);
  const baseBuildId = await ensureBase(tx, actor, revision);
  const repository = await ensureRepository(
    tx,
    actor.teamId,
    revision.imageName,
  );
  // One number after the other: whoever comes second waits for the first to commit.
  await tx.execute(
    sql`select pg_advisory_xact_lock(hashtext(${`imageyard.build_number.${actor.teamId}`}))`,
  );
  const [made] = await tx
    .insert(builds)
    .values({
      teamId: actor.teamId,
      number: sql`(select coalesce(max(${builds.number}), 0) + 1 from ${builds} where ${builds.teamId} = ${actor.teamId})`,
      specId: spec.id,
      revisionId: revision.id,
      baseBuildId,
      cause: input.cause,
      startedBy: actor.userId,
      platform: fields.platform ?? DEFAULT_PLATFORM,
      repositoryId: repository.id,
      tag: revision.tag,
      noCache: input.noCache,
      labels: labelsOf(spec, registry),
      state: 'queued',
    })
    .returning({ id: builds.id, number: builds.number });
  if (!made) throw new Error('The build was not stored.');
  await notify(tx, `queue:${actor.teamId}`);
  return made;
}

function labelsOf(
  { workerLabels }: Spec,
  registry: typeof registries.$inferSelect,
): string[] {
  return [...new Set([...workerLabels, ...registry.workerLabels])].sort();
}

async function requireSecrets(
  actor: Actor,
  spec: Spec,
  { pip_secret_mounts: mounts = [] }: ImageSpec,
  { secretNames }: Revision,
): Promise<void> {
  const names = mounts.map(([source]) => secretNameOf(source, secretNames));
  const [missing] = await missingSecrets(actor.teamId, names);
  if (missing === undefined) return;
  throw new AppError(
    'BUILD_SECRET_MISSING',
    `${spec.name} mounts the secret ${missing}, which is not stored.`,
  );
}

/** The build that this one waits for, when its base is a spec. */
async function ensureBase(
  tx: Transaction,
  actor: Actor,
  { baseRevisionId }: Revision,
): Promise<string | null> {
  if (baseRevisionId === null) return null;
  // Held until the build is stored, so that a base that ends meanwhile finds who waits for it.
  const [there] = await tx
    .select({ id: builds.id })
    .from(builds)
    .where(
      and(
        eq(builds.revisionId, baseRevisionId),
        inArray(builds.state, MAY_SERVE),
      ),
    )
    .orderBy(desc(builds.id))
    .limit(1)
    .for('share');
  if (there) return there.id;
  const [base] = await tx
    .select({ specId: specRevisions.specId, revision: specRevisions.number })
    .from(specRevisions)
    .where(eq(specRevisions.id, baseRevisionId));
  if (!base) throw new Error('A base revision is gone.');
  const made = await queueBuild(tx, actor, {
    ...base,
    noCache: false,
    cause: 'base',
  });
  return made.id;
}
