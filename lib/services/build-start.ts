import 'server-only';
import { eq } from 'drizzle-orm';
import { v7 } from 'uuid';
import { db } from '@/db';
import { buildBatches, specRevisions } from '@/db/schema';
import type { Actor } from '@/lib/auth';
import type { AskAnswer, AskedBuild, ThereView } from '@/lib/build/ask-views';
import type { RebuildInput, StartBuilds } from '@/lib/build/schema';
import { formatPlatform } from '@/lib/registry/platform';
import { findDependents } from '@/lib/services/build-dependents';
import { requireBuild } from '@/lib/services/build-events';
import { type Look, lookAtTag } from '@/lib/services/build-look';
import { foundOutputs } from '@/lib/services/build-outputs';
import { queueBuild } from '@/lib/services/build-queue';
import {
  type Buildable,
  requireBuildable,
} from '@/lib/services/build-revision';
import { isSameOnItsWay } from '@/lib/services/build-same';

/**
 * Asks for builds of specs, and of what stands on them, all or none, a base before what stands on it. Looks at their tags
 * first: what was made here from the same is taken at once; where nobody knows what made it, the person is asked, unless
 * `answers` say already. Throws as `queueBuild`.
 */
export async function startBuilds(
  actor: Actor,
  input: StartBuilds,
): Promise<AskAnswer> {
  const { noCache, answers } = input;
  const { specs, leftOut } = await listWanted(actor, input);
  const targets = baseFirst(
    await Promise.all(specs.map((spec) => requireBuildable(db(), actor, spec))),
  );
  const looks = noCache
    ? targets.map(() => null)
    : await Promise.all(targets.map(lookAtTag));
  const open = await listOpen(targets, looks, answers);
  if (open.length > 0)
    return { builds: [], batchId: null, there: open, leftOut };
  return db().transaction(async (tx) => {
    const builds: AskedBuild[] = [];
    for (const [at, { spec, revision }] of targets.entries())
      builds.push(
        await queueBuild(tx, actor, {
          specId: spec.id,
          revision: revision.number,
          noCache,
          cause: 'manual',
          look: looks[at] ?? null,
          use: answers.use[spec.id],
        }),
      );
    if (specs.length === 1)
      return { builds, batchId: null, there: [], leftOut };
    const batchId = v7();
    const ids = [...new Set(builds.map(({ id }) => id))];
    await tx
      .insert(buildBatches)
      .values(ids.map((buildId) => ({ batchId, buildId })));
    return { builds, batchId, there: [], leftOut };
  });
}

/**
 * Asks for the revision of an earlier build again, without asking what is behind its tag: a rebuild of one that was published, a
 * retry of one that was not; of a part, the build it is a part of. Throws as `queueBuild`.
 */
export async function rebuild(
  actor: Actor,
  input: RebuildInput,
): Promise<AskedBuild> {
  const asked = await requireBuild(actor.teamId, input.buildId);
  const earlier = asked.partOfId
    ? await requireBuild(actor.teamId, asked.partOfId)
    : asked;
  return db().transaction(async (tx) => {
    const [revision] = await tx
      .select({ number: specRevisions.number })
      .from(specRevisions)
      .where(eq(specRevisions.id, earlier.revisionId));
    return queueBuild(tx, actor, {
      specId: earlier.specId,
      revision: revision?.number,
      noCache: input.noCache,
      cause: earlier.state === 'published' ? 'rebuild' : 'retry',
      earlierBuildId: earlier.id,
    });
  });
}

type Wanted = Pick<StartBuilds, 'specs'> & Pick<AskAnswer, 'leftOut'>;

async function listWanted(
  actor: Actor,
  { specs, withDependents }: StartBuilds,
): Promise<Wanted> {
  if (!withDependents) return { specs, leftOut: [] };
  const { standing, behind } = await findDependents(
    db(),
    actor,
    specs.map(({ specId }) => specId),
  );
  const dependents = standing.map(({ id }) => ({ specId: id }));
  return { specs: [...specs, ...dependents], leftOut: behind };
}

/** A base before what stands on it, so that this stands on the build that is asked for here. */
function baseFirst(targets: readonly Buildable[]): Buildable[] {
  const byRevision = new Map(targets.map((each) => [each.revision.id, each]));
  const depth = ({ revision }: Buildable): number => {
    const base = byRevision.get(revision.baseRevisionId ?? '');
    return base ? depth(base) + 1 : 0;
  };
  return [...targets].sort((a, b) => depth(a) - depth(b));
}

/** What nobody has answered yet. What is being built by somebody is not asked about: its build is shared. */
async function listOpen(
  targets: readonly Buildable[],
  looks: readonly (Look | null)[],
  { use, rebuild: anyhow }: StartBuilds['answers'],
): Promise<ThereView[]> {
  const open: ThereView[] = [];
  for (const [at, target] of targets.entries()) {
    const look = looks[at];
    if (look?.origin !== 'unknown') continue;
    const { id } = target.spec;
    const isAnswered =
      anyhow.includes(id) ||
      (use[id] === look.digest && unfitReason(target, look) === null);
    if (!isAnswered && !(await isSameOnItsWay(target)))
      open.push(toView(target, look));
  }
  return open;
}

type Unknown = Extract<Look, { origin: 'unknown' }>;

function toView(target: Buildable, look: Unknown): ThereView {
  const { spec, revision } = target;
  return {
    spec: { id: spec.id, name: spec.name },
    image: `${revision.imageName}:${revision.tag}`,
    digest: look.digest,
    createdAt: toIso(look.inventory?.image?.created ?? null),
    unfit: unfitReason(target, look),
  };
}

/** Any text may stand in an image's config. */
function toIso(written: string | null): string | null {
  const ms = Date.parse(written ?? '');
  return Number.isNaN(ms) ? null : new Date(ms).toISOString();
}

function unfitReason(
  { platform }: Buildable,
  { inventory }: Unknown,
): string | null {
  if (!inventory) return 'The registry does not let it be read.';
  if (foundOutputs(platform, inventory)) return null;
  const wanted = platform.replaceAll(',', ' and ');
  const { image } = inventory;
  if (image)
    return `It is for ${formatPlatform(image.platform)}, not for ${wanted}.`;
  return platform.includes(',')
    ? `It is an index without an image for each of ${wanted}.`
    : 'It is an index of several platforms, not one image.';
}
