import 'server-only';
import { and, desc, eq, inArray } from 'drizzle-orm';
import { db } from '@/db';
import { accessCurrent, repositories, tags } from '@/db/schema';
import type { Actor } from '@/lib/auth';
import type { DefaultImageView } from '@/lib/build/project-views';
import { DEFAULT_PLATFORM } from '@/lib/imagespec/defaults';
import {
  chooseDefaultImage,
  type DefaultImageChoice,
} from '@/lib/imagespec/default-image';
import type { ProjectId } from '@/lib/imagespec/projects';
import { RegistryError } from '@/lib/registry/errors';
import { lookAtAccess } from '@/lib/services/access';
import { ensureDefaultPlace, readPlace } from '@/lib/services/default-image';
import { findImage } from '@/lib/services/image-views';
import { readProject } from '@/lib/services/projects';
import { readDefaults } from '@/lib/services/settings';
import { refreshImage } from '@/lib/services/tag-refresh';
import { wasChecked } from '@/lib/services/task-images';

/** All that is known of a default image. Nothing is asked and nothing made known by looking. */
export async function viewDefaultImage(
  actor: Actor,
  choice: DefaultImageChoice,
): Promise<DefaultImageView> {
  const { host, path, tag, digest: pinned } = readPlace(choice.reference);
  const [place] = await db()
    .select({
      repositoryId: repositories.id,
      current: tags.currentDigest,
      checkedAt: tags.checkedAt,
      wasChecked: wasChecked.as('was_checked'),
    })
    .from(repositories)
    .leftJoin(
      tags,
      and(eq(tags.repositoryId, repositories.id), eq(tags.name, tag ?? '')),
    )
    .where(
      and(
        eq(repositories.teamId, actor.teamId),
        eq(repositories.host, host),
        eq(repositories.path, path),
      ),
    );
  const digest = pinned ?? place?.current ?? null;
  const repositoryId = place?.repositoryId ?? null;
  return {
    ...choice,
    repositoryId,
    tag,
    digest,
    lookedAt: place?.wasChecked
      ? (place.checkedAt?.toISOString() ?? null)
      : null,
    image:
      repositoryId !== null && digest !== null
        ? await findImage(actor, { repositoryId, digest })
        : null,
    access:
      repositoryId === null
        ? null
        : await findVerdict(repositoryId, { tag, digest }),
  };
}

/** The newest answer for the digest, or for the tag where the digest was never asked for. */
async function findVerdict(
  repositoryId: string,
  { tag, digest }: { tag: string | null; digest: string | null },
): Promise<DefaultImageView['access']> {
  const references = [
    ...(digest === null ? [] : [`@${digest}`]),
    ...(tag === null ? [] : [`:${tag}`]),
  ];
  const rows = await db()
    .select({
      verdict: accessCurrent.verdict,
      digest: accessCurrent.digest,
      checkedAt: accessCurrent.checkedAt,
    })
    .from(accessCurrent)
    .where(
      and(
        eq(accessCurrent.repositoryId, repositoryId),
        inArray(accessCurrent.reference, references),
      ),
    )
    .orderBy(desc(accessCurrent.checkedAt));
  // An answer for the tag as it was before it moved says nothing of what it points to now.
  const found = rows.find(
    (row) => row.digest === null || digest === null || row.digest === digest,
  );
  return found
    ? { verdict: found.verdict, checkedAt: found.checkedAt.toISOString() }
    : null;
}

/**
 * Looks at a project's default image now: where its tag points, what the digest holds, and whether anyone can pull it.
 * A registry that cannot be asked is part of the answer, as a verdict. Throws NOT_FOUND.
 */
export async function checkProjectImage(
  actor: Actor,
  { projectId }: ProjectId,
): Promise<DefaultImageView> {
  const project = await readProject(db(), actor, projectId);
  const choice = chooseDefaultImage(
    project.defaultImage,
    await readDefaults(actor.teamId),
  );
  const { repository, ...held } = await db().transaction((tx) =>
    ensureDefaultPlace(tx, actor.teamId, choice.reference),
  );
  try {
    await refreshImage(repository, held);
  } catch (error) {
    // What keeps us from reading it is what the check of access tells in full.
    if (!(error instanceof RegistryError)) throw error;
  }
  const { digest, image } = await viewDefaultImage(actor, choice);
  await lookAtAccess(repository, {
    reference: digest === null ? `:${held.tag ?? ''}` : `@${digest}`,
    platform: image?.platform ?? DEFAULT_PLATFORM,
  });
  return viewDefaultImage(actor, choice);
}
