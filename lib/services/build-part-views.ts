import 'server-only';
import { asc, eq } from 'drizzle-orm';
import { db } from '@/db';
import { buildOutputs, builds } from '@/db/schema';
import type { Actor } from '@/lib/auth';
import type { BuildPartView, BuildView } from '@/lib/build/views';
import { selectItems } from '@/lib/services/build-items';
import { readQueue } from '@/lib/services/build-wait';

const MOST_PLATFORMS = 20;

/** The parts of a build, in their order, each with why it waits. The caller has seen to the team. */
export async function readParts(
  actor: Actor,
  buildId: string,
  base: BuildView['base'],
): Promise<BuildPartView[]> {
  const parts = await selectItems(
    eq(builds.partOfId, buildId),
    asc(builds.id),
    MOST_PLATFORMS,
  );
  return Promise.all(
    parts.map(async (part) => ({
      ...part,
      queue:
        part.state === 'queued' ? await readQueue(actor, part.id, base) : null,
    })),
  );
}

/** What a build published, by platform. The caller has seen to the team. */
export async function readOutputs(
  buildId: string,
): Promise<BuildView['outputs']> {
  return db()
    .select({ platform: buildOutputs.platform, digest: buildOutputs.digest })
    .from(buildOutputs)
    .where(eq(buildOutputs.buildId, buildId))
    .orderBy(asc(buildOutputs.platform));
}
