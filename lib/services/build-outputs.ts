import 'server-only';
import { and, asc, eq } from 'drizzle-orm';
import { db } from '@/db';
import { buildOutputs, builds } from '@/db/schema';
import { OutputDetail } from '@/lib/build/bases';
import { listPlatforms, unfitFor } from '@/lib/registry/platform';
import type { Inventory } from '@/lib/services/manifests';

/** What a build published for one of its platforms. */
export type Output = { platform: string; digest: string; detail: OutputDetail };

/** What the parts of a build published, in their order. */
export async function readPartOutputs(buildId: string): Promise<Output[]> {
  const rows = await db()
    .select({
      platform: buildOutputs.platform,
      digest: buildOutputs.digest,
      detail: buildOutputs.detail,
    })
    .from(builds)
    .innerJoin(buildOutputs, eq(buildOutputs.buildId, builds.id))
    .where(and(eq(builds.partOfId, buildId), eq(builds.state, 'published')))
    .orderBy(asc(builds.id));
  return rows.map((row) => ({
    ...row,
    detail: OutputDetail.parse(row.detail),
  }));
}

/**
 * What somebody else's image is for each of these platforms: of an index as it says itself. `null` when it is not for each,
 * or an index where one image was asked for.
 */
export function foundOutputs(
  platform: string,
  { fetched, image }: Inventory,
): Output[] | null {
  const { digest, manifest } = fetched;
  const platforms = listPlatforms(platform);
  const single = image ? [{ digest, platform: image.platform }] : [];
  const several = manifest.kind === 'index' ? manifest.children : [];
  const images = platforms.length > 1 ? several : single;
  const outputs = platforms.flatMap((one) => {
    const found = images.find((each) => unfitFor(one, each) === null);
    return found
      ? [
          {
            platform: one,
            digest: found.digest,
            detail: { version: 1 as const },
          },
        ]
      : [];
  });
  return outputs.length === platforms.length ? outputs : null;
}
