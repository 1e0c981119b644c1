import 'server-only';
import { and, eq, inArray, isNull } from 'drizzle-orm';
import { db } from '@/db';
import { registries } from '@/db/schema';
import type { JobCredential } from '@/lib/build/protocol';
import type { HelperImages } from '@/lib/imagespec/helper-images';
import type { ImageSpec } from '@/lib/imagespec/schema';
import { parseReference } from '@/lib/registry/reference';
import { findCredential, withCredential } from '@/lib/services/credentials';

type Answer = { credentials: JobCredential[]; plainHttp: boolean };

/** The credentials one attempt needs: those of the hosts it pulls from and pushes to, and no others. */
export async function readJobCredentials(
  teamId: string,
  target: { host: string; registryId: string | null },
  spec: ImageSpec,
  helperImages: HelperImages,
): Promise<Answer> {
  const hosts = [...new Set([target.host, ...imageHosts(spec, helperImages)])];
  const rows = await db()
    .select()
    .from(registries)
    .where(
      and(
        eq(registries.teamId, teamId),
        isNull(registries.archivedAt),
        inArray(registries.host, hosts),
      ),
    );
  const credentials: JobCredential[] = [];
  for (const host of hosts) {
    const here = rows.filter((row) => row.host === host);
    // The build's own registry first: two entries may share a host and differ in namespace and login.
    const ordered = here.sort(
      (a, b) =>
        Number(b.id === target.registryId) - Number(a.id === target.registryId),
    );
    for (const registry of ordered) {
      const found = await findCredential(teamId, registry.id);
      if (!found) continue;
      await withCredential(teamId, found.id, 'job', ({ username, password }) =>
        Promise.resolve(credentials.push({ host, username, password })),
      );
      break;
    }
  }
  const plainHttp =
    rows.find((row) => row.id === target.registryId)?.plainHttp ?? false;
  return { credentials, plainHttp };
}

function imageHosts(spec: ImageSpec, helperImages: HelperImages): string[] {
  const configured = spec.builder_config?.map(([, image]) => image) ?? [];
  return [
    typeof spec.base_image === 'string' ? spec.base_image : undefined,
    helperImages.uv,
    helperImages.micromamba,
    ...configured,
  ].flatMap((image) => {
    if (!image) return [];
    try {
      return [parseReference(image).registry];
    } catch {
      return [];
    }
  });
}
