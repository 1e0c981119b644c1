import 'server-only';
import { and, desc, eq, inArray, sql } from 'drizzle-orm';
import type { Transaction } from '@/db';
import { builds, specRevisions } from '@/db/schema';
import type { Actor } from '@/lib/auth';
import type { AskedBuild } from '@/lib/build/ask-views';
import { resolveLimits } from '@/lib/build/limits';
import type { BuildCause } from '@/lib/build/state';
import { AppError } from '@/lib/errors';
import { secretNameOf } from '@/lib/imagespec/secrets';
import { addAsk } from '@/lib/services/build-asks';
import type { Look } from '@/lib/services/build-look';
import { foundOutputs } from '@/lib/services/build-outputs';
import { insertParts } from '@/lib/services/build-parts';
import { publishBuild } from '@/lib/services/build-publish';
import {
  type Buildable,
  requireBuildable,
} from '@/lib/services/build-revision';
import { findSame, ON_THEIR_WAY } from '@/lib/services/build-same';
import { missingSecrets } from '@/lib/services/build-secrets';
import { supersedeOlder } from '@/lib/services/build-supersede';
import { notify } from '@/lib/services/notify';
import {
  ensureRepository,
  type RepositoryRow,
} from '@/lib/services/repositories';
import { readTeamLimits } from '@/lib/services/settings';
import { isWhole } from '@/lib/services/whole-builds';

type Ask = {
  specId: string;
  revision?: number | undefined;
  noCache: boolean;
  cause: BuildCause;
  earlierBuildId?: string;
  /** What is behind its tag, as it was looked at before the transaction. */
  look?: Look | null;
  /** The digest of unknown origin that the person chose to use. */
  use?: string | undefined;
};

/** A build that may serve as a base: it is published, or still on its way. */
const MAY_SERVE = [...ON_THEIR_WAY, 'published' as const];

/** The build of a base; without a digest while it is on its way. */
type Base = { id: string; digest: string | null };

/**
 * The build somebody gets who asks for a revision: the same one that is on its way already, a new row for an image that
 * is there already, or a new build in the queue, after that of its base when the base is a spec. Older revisions that wait for
 * the same person are superseded. Throws NOT_FOUND, SPEC_ARCHIVED, SPEC_INVALID (no registry to push to),
 * BUILD_SECRET_MISSING.
 */
export async function queueBuild(
  tx: Transaction,
  actor: Actor,
  ask: Ask,
): Promise<AskedBuild> {
  const buildable = await requireBuildable(tx, actor, ask);
  // One after the other: whoever asks second waits for the first to commit, and then finds that build.
  await tx.execute(
    sql`select pg_advisory_xact_lock(hashtext(${`imageyard.build_number.${actor.teamId}`}))`,
  );
  const asked = await findOrQueue(tx, actor, ask, buildable);
  await addAsk(tx, actor, asked.id);
  const { spec, revision } = buildable;
  if (ask.cause !== 'base')
    await supersedeOlder(
      tx,
      actor,
      { specId: spec.id, number: revision.number },
      asked.id,
    );
  return asked;
}

async function findOrQueue(
  tx: Transaction,
  actor: Actor,
  ask: Ask,
  buildable: Buildable,
): Promise<AskedBuild> {
  const { revision } = buildable;
  const repository = await ensureRepository(
    tx,
    actor.teamId,
    revision.imageName,
  );
  const chosen = chosenOf(ask, buildable.platform);
  if (chosen) return reuse(tx, actor, ask, buildable, repository, null, chosen);
  await requireSecrets(tx, actor, buildable);
  const base = await ensureBase(tx, actor, revision.baseRevisionId);
  const same = ask.noCache
    ? null
    : await findSame(tx, buildable, repository, base);
  if (same) return { ...same, how: 'joined' };
  const made = sourceOf(ask, base);
  if (made) return reuse(tx, actor, ask, buildable, repository, base, made);
  const build = await insertBuild(tx, actor, ask, buildable, repository, base);
  await insertParts(tx, build);
  await notify(tx, `queue:${actor.teamId}`);
  return { id: build.id, number: build.number, how: 'queued' };
}

type Reuse = Pick<
  Parameters<typeof publishBuild>[1],
  'digest' | 'inventory' | 'outputs'
> & { sourceBuildId: string | null };

function chosenOf({ look, use }: Ask, platform: string): Reuse | null {
  if (look?.origin !== 'unknown' || look.digest !== use) return null;
  const { digest, inventory } = look;
  const outputs = inventory && foundOutputs(platform, inventory);
  return outputs && { digest, inventory, outputs, sourceBuildId: null };
}

/** By itself only what came from the same definition on the same base. */
function sourceOf({ look, noCache }: Ask, base: Base | null): Reuse | null {
  if (noCache || look?.origin !== 'here' || !look.source) return null;
  const { buildId, baseDigest, outputs } = look.source;
  const isOnTheSame = base
    ? base.digest !== null && base.digest === baseDigest
    : baseDigest === null;
  if (!isOnTheSame) return null;
  const { digest } = look;
  return { digest, inventory: null, outputs, sourceBuildId: buildId };
}

async function reuse(
  tx: Transaction,
  actor: Actor,
  ask: Ask,
  buildable: Buildable,
  repository: RepositoryRow,
  base: Base | null,
  found: Reuse,
): Promise<AskedBuild> {
  const build = await insertBuild(tx, actor, ask, buildable, repository, base);
  await publishBuild(tx, { build, repository, ...found });
  return { id: build.id, number: build.number, how: 'reused' };
}

async function insertBuild(
  tx: Transaction,
  actor: Actor,
  { cause, noCache, earlierBuildId }: Ask,
  { spec, revision, registry, platform }: Buildable,
  repository: RepositoryRow,
  base: Base | null,
): Promise<typeof builds.$inferSelect> {
  const [made] = await tx
    .insert(builds)
    .values({
      teamId: actor.teamId,
      number: sql`(select coalesce(max(${builds.number}), 0) + 1 from ${builds} where ${builds.teamId} = ${actor.teamId} and ${isWhole})`,
      specId: spec.id,
      revisionId: revision.id,
      baseBuildId: base?.id ?? null,
      cause,
      startedBy: actor.userId,
      earlierBuildId: earlierBuildId ?? null,
      platform,
      repositoryId: repository.id,
      tag: revision.tag,
      noCache,
      labels: [
        ...new Set([...spec.workerLabels, ...registry.workerLabels]),
      ].sort(),
      ...resolveLimits(spec, await readTeamLimits(actor.teamId, tx)),
      state: 'queued',
    })
    .returning();
  if (!made) throw new Error('The build was not stored.');
  return made;
}

async function requireSecrets(
  tx: Transaction,
  actor: Actor,
  { spec, revision, fields: { pip_secret_mounts: mounts = [] } }: Buildable,
): Promise<void> {
  const names = mounts.map(([source]) =>
    secretNameOf(source, revision.secretNames),
  );
  const [missing] = await missingSecrets(tx, actor.teamId, names);
  if (missing === undefined) return;
  throw new AppError(
    'BUILD_SECRET_MISSING',
    `${spec.name} mounts the secret ${missing}, which is not stored.`,
  );
}

/** The build that this one waits for, when its base is a spec; the actor then wants that one, too. */
async function ensureBase(
  tx: Transaction,
  actor: Actor,
  baseRevisionId: string | null,
): Promise<Base | null> {
  if (baseRevisionId === null) return null;
  // Held until the build is stored, so that a base that ends meanwhile finds who waits for it.
  const [there] = await tx
    .select({ id: builds.id, state: builds.state, digest: builds.digest })
    .from(builds)
    .where(
      and(
        eq(builds.revisionId, baseRevisionId),
        inArray(builds.state, MAY_SERVE),
        isWhole,
      ),
    )
    .orderBy(desc(builds.id))
    .limit(1)
    .for('update');
  if (there?.state === 'published') return there;
  if (there) {
    await addAsk(tx, actor, there.id);
    return { id: there.id, digest: null };
  }
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
  return { id: made.id, digest: null };
}
