import 'server-only';
import { and, eq, sql } from 'drizzle-orm';
import type { Database, Transaction } from '@/db';
import { imageSpecs, registries, specRevisions } from '@/db/schema';
import type { Actor } from '@/lib/auth';
import { AppError } from '@/lib/errors';
import { basePlatformFault } from '@/lib/imagespec/base-platforms';
import { DEFAULT_PLATFORM } from '@/lib/imagespec/defaults';
import { SpecError } from '@/lib/imagespec/errors';
import { ImageSpec } from '@/lib/imagespec/schema';
import { listPlatforms } from '@/lib/registry/platform';

/** A revision that can be built, and where its image goes. */
export type Buildable = {
  spec: typeof imageSpecs.$inferSelect;
  revision: typeof specRevisions.$inferSelect;
  registry: typeof registries.$inferSelect;
  fields: ImageSpec;
  /** One, or several with commas. */
  platform: string;
};

/**
 * A spec's revision, the current one unless another is named. Throws NOT_FOUND, SPEC_ARCHIVED, SPEC_INVALID (no registry
 * to push to, or a base that is not for its platforms).
 */
export async function requireBuildable(
  tx: Transaction | Database,
  actor: Actor,
  input: { specId: string; revision?: number | undefined },
): Promise<Buildable> {
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
  const fault = basePlatformFault(fields);
  if (fault !== null) throw new SpecError(fault, { platform: fault });
  const platform = listPlatforms(fields.platform ?? DEFAULT_PLATFORM).join(',');
  return { spec, revision, registry, fields, platform };
}
