import 'server-only';
import { and, eq, inArray, isNull } from 'drizzle-orm';
import type { Transaction } from '@/db';
import { projects, taskImages, tasks, taskVersions } from '@/db/schema';
import {
  chooseDefaultImage,
  type DefaultImageChoice,
} from '@/lib/imagespec/default-image';
import type { TeamDefaults } from '@/lib/imagespec/team-defaults';
import { DEFAULT_PLATFORM } from '@/lib/imagespec/defaults';
import { parseReference } from '@/lib/registry/reference';
import { addAccessCheck, hastenSweep } from '@/lib/services/access-jobs';
import {
  ensureRepository,
  type RepositoryRow,
} from '@/lib/services/repositories';
import { addImageRead, knowTag } from '@/lib/services/tags';

/** Where a default image lies: floating on a tag, or held by a digest. */
export type DefaultPlace = { repository: RepositoryRow } & (
  { tag: string; digest: null } | { tag: null; digest: string }
);

/** What a reference says, with Docker's `latest` where it says nothing. */
export function readPlace(reference: string) {
  const {
    registry: host,
    repository: path,
    tag,
    digest,
  } = parseReference(reference);
  return digest
    ? { host, path, tag: null, digest }
    : { host, path, tag: tag ?? 'latest', digest: null };
}

/** Makes the repository and the tag of a default image known, like any other image's. */
export async function ensureDefaultPlace(
  tx: Transaction,
  teamId: string,
  reference: string,
): Promise<DefaultPlace> {
  const { host, path, ...held } = readPlace(reference);
  const repository = await ensureRepository(tx, teamId, `${host}/${path}`);
  if (held.tag !== null) await knowTag(tx, repository.id, held.tag);
  return { repository, ...held };
}

/**
 * Binds every task of these projects that names no image to their default one, so that its digest, its access and its
 * tasks are known like any other image's. One that somebody set is looked at soon; flytekit's own only when asked.
 */
export async function bindDefaultImage(
  tx: Transaction,
  teamId: string,
  { reference, from }: DefaultImageChoice,
  projectIds: readonly string[],
): Promise<DefaultPlace> {
  const place = await ensureDefaultPlace(tx, teamId, reference);
  const { repository, tag, digest } = place;
  if (from !== 'flytekit') {
    await hastenSweep(tx, teamId);
    if (tag === null) await addImageRead(tx, repository, place.digest);
  }
  if (projectIds.length === 0) return place;
  const versions = tx
    .select({ id: taskVersions.id })
    .from(taskVersions)
    .innerJoin(tasks, eq(tasks.id, taskVersions.taskId))
    .where(inArray(tasks.projectId, [...projectIds]));
  await tx
    .update(taskImages)
    .set({
      reference,
      repositoryId: repository.id,
      tag,
      digest,
      digestAtImport: digest,
    })
    .where(
      and(
        eq(taskImages.known, 'default'),
        inArray(taskImages.taskVersionId, versions),
      ),
    );
  return place;
}

/** Binds again the projects that set no image of their own, after the team's defaults changed. */
export async function rebindProjects(
  tx: Transaction,
  teamId: string,
  defaults: TeamDefaults,
): Promise<void> {
  const rows = await tx
    .select({ id: projects.id })
    .from(projects)
    .where(and(eq(projects.teamId, teamId), isNull(projects.defaultImage)));
  const ids = rows.map(({ id }) => id);
  await setDefaultImage(tx, teamId, chooseDefaultImage(null, defaults), ids);
}

/** As `bindDefaultImage`, after somebody changed which image that is: whether it can be pulled is asked soon, too. */
export async function setDefaultImage(
  tx: Transaction,
  teamId: string,
  choice: DefaultImageChoice,
  projectIds: readonly string[],
): Promise<void> {
  const place = await bindDefaultImage(tx, teamId, choice, projectIds);
  const { repository, tag, digest } = place;
  if (choice.from === 'flytekit') return;
  await addAccessCheck(tx, {
    repository,
    reference: tag === null ? `@${digest}` : `:${tag}`,
    platform: DEFAULT_PLATFORM,
  });
}
