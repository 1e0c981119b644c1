import 'server-only';
import { and, asc, eq } from 'drizzle-orm';
import { db } from '@/db';
import { builds, manifestLayers } from '@/db/schema';
import type { Actor } from '@/lib/auth';
import type { ComparedLayer } from '@/lib/build/compare';
import type {
  BuildComparisonView,
  ComparedBuildView,
} from '@/lib/build/history-views';
import { getBuildPackages } from '@/lib/services/build-packages';
import { getBuild } from '@/lib/services/build-views';
import { getRevision } from '@/lib/services/revision-views';

/** The facts of two builds, to be compared. Throws NOT_FOUND, for another team's too. */
export async function compareBuilds(
  actor: Actor,
  { before, after }: { before: string; after: string },
): Promise<BuildComparisonView> {
  return {
    before: await readSide(actor, before),
    after: await readSide(actor, after),
  };
}

async function readSide(
  actor: Actor,
  buildId: string,
): Promise<ComparedBuildView> {
  const build = await getBuild(actor, buildId);
  const [row] = await db()
    .select({ noCache: builds.noCache })
    .from(builds)
    .where(eq(builds.id, buildId));
  return {
    build,
    revision: await getRevision(actor, {
      specId: build.spec.id,
      number: build.revision.number,
    }),
    isWithoutCache: row?.noCache ?? false,
    layers:
      build.digest === null
        ? null
        : await readLayers(build.repository.id, build.digest),
    packages: (await getBuildPackages(actor, buildId))?.groups ?? null,
  };
}

/** The layers of an image, bottom first; `null` when they are not known. */
export async function readLayers(
  repositoryId: string,
  digest: string,
): Promise<ComparedLayer[] | null> {
  const layers = await db()
    .select({
      digest: manifestLayers.blobDigest,
      sizeBytes: manifestLayers.sizeBytes,
      madeBy: manifestLayers.madeBy,
    })
    .from(manifestLayers)
    .where(
      and(
        eq(manifestLayers.repositoryId, repositoryId),
        eq(manifestLayers.digest, digest),
      ),
    )
    .orderBy(asc(manifestLayers.position));
  return layers.length === 0 ? null : layers;
}
