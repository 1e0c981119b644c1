import 'server-only';
import { eq } from 'drizzle-orm';
import { db } from '@/db';
import { specRevisions } from '@/db/schema';
import type { BuildView } from '@/lib/build/views';
import { buildHosts } from '@/lib/imagespec/hosts';
import { ImageSpec } from '@/lib/imagespec/schema';
import { secretNameOf } from '@/lib/imagespec/secrets';
import { readHelperImages } from '@/lib/services/settings';

/**
 * What a build of a revision takes from outside: the registries it asks, its base's first, and the secrets it mounts, by
 * name. The caller has seen to the team.
 */
export async function readBuildInputs(
  teamId: string,
  revisionId: string,
): Promise<Pick<BuildView, 'hosts' | 'secrets'>> {
  const [revision] = await db()
    .select({
      fields: specRevisions.fields,
      secretNames: specRevisions.secretNames,
    })
    .from(specRevisions)
    .where(eq(specRevisions.id, revisionId));
  if (!revision) return { hosts: [], secrets: [] };
  const spec = ImageSpec.parse(revision.fields);
  return {
    hosts: buildHosts(spec, await readHelperImages(teamId)),
    secrets: (spec.pip_secret_mounts ?? []).map(([source]) =>
      secretNameOf(source, revision.secretNames),
    ),
  };
}
