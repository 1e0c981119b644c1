import 'server-only';
import { and, eq, inArray } from 'drizzle-orm';
import type { Transaction } from '@/db';
import { taskImages, tasks, taskVersions } from '@/db/schema';
import type { Actor } from '@/lib/auth';
import {
  DEFAULT_FLYTEKIT_VERSION,
  DEFAULT_PYTHON_VERSION,
} from '@/lib/imagespec/defaults';
import {
  flytekitDefaultImage,
  type TeamDefaults,
} from '@/lib/imagespec/team-defaults';
import { parseReference } from '@/lib/registry/reference';
import { ensureRepository } from '@/lib/services/repositories';
import { addTagRefresh, knowTag } from '@/lib/services/tags';

/** The image a task without one gets: the team's, else flytekit's own. */
export function defaultImage({ image, flytekitVersion }: TeamDefaults): string {
  return (
    image ??
    flytekitDefaultImage(
      DEFAULT_PYTHON_VERSION,
      flytekitVersion ?? DEFAULT_FLYTEKIT_VERSION,
    )
  );
}

/**
 * Binds every task of the team that names no image to the default one, so that its digest, its access and its tasks are
 * known like any other image's. What the team has set itself is looked up soon; flytekit's own only when asked.
 */
export async function bindDefaultImage(
  tx: Transaction,
  actor: Actor,
  defaults: TeamDefaults,
): Promise<void> {
  const reference = defaultImage(defaults);
  const { registry, repository: path, tag, digest } = parseReference(reference);
  const repository = await ensureRepository(
    tx,
    actor.teamId,
    `${registry}/${path}`,
  );
  const name = digest ? null : (tag ?? 'latest');
  if (name !== null) {
    await knowTag(tx, repository.id, name);
    if (defaults.image !== null) await addTagRefresh(tx, repository);
  }
  const versions = tx
    .select({ id: taskVersions.id })
    .from(taskVersions)
    .innerJoin(tasks, eq(tasks.id, taskVersions.taskId))
    .where(eq(tasks.teamId, actor.teamId));
  await tx
    .update(taskImages)
    .set({
      reference,
      repositoryId: repository.id,
      tag: name,
      digest: digest ?? null,
      digestAtImport: digest ?? null,
    })
    .where(
      and(
        eq(taskImages.known, 'default'),
        inArray(taskImages.taskVersionId, versions),
      ),
    );
}
