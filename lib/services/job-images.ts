import 'server-only';
import { and, eq } from 'drizzle-orm';
import { db } from '@/db';
import { builds, repositories, specRevisions } from '@/db/schema';
import { ImageSpec } from '@/lib/imagespec/schema';
import type { BuildRow } from '@/lib/services/build-moves';
import { readHelperImages } from '@/lib/services/settings';

/** What a build takes images from, as it would be claimed now. */
export async function readJobImages({
  teamId,
  revisionId,
  baseBuildId,
}: Pick<BuildRow, 'teamId' | 'revisionId' | 'baseBuildId'>) {
  const [revision] = await db()
    .select()
    .from(specRevisions)
    .where(eq(specRevisions.id, revisionId));
  if (!revision) throw new Error('A build has lost its revision.');
  const fields = ImageSpec.parse(revision.fields);
  const helperImages = await readHelperImages(teamId);
  const baseImage = await readBaseImage(baseBuildId);
  const images = [
    typeof fields.base_image === 'string' ? fields.base_image : baseImage,
    helperImages.uv,
    helperImages.micromamba,
    ...(fields.builder_config ?? []).map(([, image]) => image),
  ];
  return { revision, fields, helperImages, baseImage, images };
}

/** The published image of a base that is a spec, by digest, so that the build stands on what was built for it. */
async function readBaseImage(
  baseBuildId: string | null,
): Promise<string | null> {
  if (baseBuildId === null) return null;
  const [base] = await db()
    .select({
      host: repositories.host,
      path: repositories.path,
      digest: builds.digest,
    })
    .from(builds)
    .innerJoin(repositories, eq(repositories.id, builds.repositoryId))
    .where(and(eq(builds.id, baseBuildId), eq(builds.state, 'published')));
  if (!base?.digest) throw new Error('The base of a build is not published.');
  return `${base.host}/${base.path}@${base.digest}`;
}
