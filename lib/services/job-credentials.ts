import 'server-only';
import { and, eq, inArray, isNull } from 'drizzle-orm';
import { db } from '@/db';
import { registries } from '@/db/schema';
import type { JobCredential } from '@/lib/build/protocol';
import { parseReference } from '@/lib/registry/reference';
import { findCredential, withCredential } from '@/lib/services/credentials';

type Answer = { credentials: JobCredential[]; plainHttp: boolean };

/** The credentials one attempt needs: those of the hosts it pulls `images` from and pushes to, and no others. */
export async function readJobCredentials(
  { id: buildId, teamId }: { id: string; teamId: string },
  target: { host: string; registryId: string | null },
  images: readonly (string | null | undefined)[],
): Promise<Answer> {
  const hosts = [...new Set([target.host, ...images.flatMap(hostOf)])];
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
      const purpose = registry.id === target.registryId ? 'push' : 'pull';
      const found = await findCredential(teamId, registry.id, purpose);
      if (!found) continue;
      await withCredential(
        teamId,
        found.id,
        { kind: 'build', buildId },
        ({ method, username, password }) =>
          Promise.resolve(
            credentials.push({ host, method, username, password }),
          ),
      );
      break;
    }
  }
  const plainHttp =
    rows.find((row) => row.id === target.registryId)?.plainHttp ?? false;
  return { credentials, plainHttp };
}

function hostOf(image: string | null | undefined): string[] {
  if (!image) return [];
  try {
    return [parseReference(image).registry];
  } catch {
    return [];
  }
}
