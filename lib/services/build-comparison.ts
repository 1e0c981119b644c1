import 'server-only';
import { and, asc, eq } from 'drizzle-orm';
import { db } from '@/db';
import { builds, manifestLayers, manifests } from '@/db/schema';
import type { Actor } from '@/lib/auth';
import type { ComparedLayer } from '@/lib/build/compare';
import { choosePlatforms, pairPlatforms } from '@/lib/build/compare-platforms';
import type {
  BuildComparisonView,
  ComparedBuildView,
  ComparedRunView,
} from '@/lib/build/history-views';
import type { BuildView } from '@/lib/build/views';
import { listPlatforms } from '@/lib/registry/platform';
import { readBases } from '@/lib/services/base-drift';
import { getImagePackages } from '@/lib/services/build-packages';
import { getBuild } from '@/lib/services/build-views';
import { getRevision } from '@/lib/services/revision-views';

/**
 * The facts of two builds, to be compared on one platform: the one that is asked for, when both are for it, else the first
 * of both. Throws NOT_FOUND, for another team's too.
 */
export async function compareBuilds(
  actor: Actor,
  ask: { before: string; after: string; platform?: string },
): Promise<BuildComparisonView> {
  const before = await readSide(actor, ask.before);
  const after = await readSide(actor, ask.after);
  const platforms = pairPlatforms(before.build.platform, after.build.platform);
  const on = choosePlatforms(platforms, ask.platform);
  return {
    before,
    after,
    platforms,
    runs: on && {
      before: await readRun(actor, before.build, on.before),
      after: await readRun(actor, after.build, on.after),
    },
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
  };
}

async function readRun(
  actor: Actor,
  whole: BuildView,
  platform: string,
): Promise<ComparedRunView> {
  const build = await readBuildOn(actor, whole, platform);
  if (build.digest === null)
    return { platform, build, layers: null, packages: null };
  const image = { repositoryId: build.repository.id, digest: build.digest };
  return {
    platform,
    build,
    layers: await readLayers(image.repositoryId, image.digest),
    packages: (await getImagePackages(actor, image))?.groups ?? null,
  };
}

/** What a build is on one of its platforms. */
async function readBuildOn(
  actor: Actor,
  whole: BuildView,
  platform: string,
): Promise<BuildView> {
  const part = whole.parts.find((one) => one.platform === platform);
  if (part) return getBuild(actor, part.id);
  if (listPlatforms(whole.platform).length === 1) return whole;
  // Its image was there already: it has no parts, and what it took for each platform.
  const digest =
    whole.outputs.find((one) => one.platform === platform)?.digest ?? null;
  const [image] = await db()
    .select({ sizeBytes: manifests.sizeBytes })
    .from(manifests)
    .where(
      and(
        eq(manifests.repositoryId, whole.repository.id),
        eq(manifests.digest, digest ?? ''),
      ),
    );
  return {
    ...whole,
    digest,
    sizeBytes: image?.sizeBytes ?? null,
    bases: await readBases(actor, whole.id, platform),
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
