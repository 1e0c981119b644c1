import 'server-only';
import { and, eq, inArray, isNull } from 'drizzle-orm';
import { db } from '@/db';
import { registries } from '@/db/schema';
import type { Job, JobCredential } from '@/lib/build/protocol';
import { AppError, type ErrorCode } from '@/lib/errors';
import { parseReference } from '@/lib/registry/reference';
import { findCredential, withCredential } from '@/lib/services/credentials';

type Answer = {
  credentials: JobCredential[];
  /** How the target is reached. */
  reach: Pick<Job['target'], 'plainHttp' | 'caCertificates'>;
};

/**
 * The credentials one attempt needs: those of the hosts it pulls `images` from and pushes to, and no others; with `only`
 * those of one of these hosts. `isFresh`: minted logins are made anew. Throws BUILD_LOGIN_FAILED, which names the registry; with `isFresh` what may be over in
 * a moment is thrown as it is.
 */
export async function readJobCredentials(
  { id: buildId, teamId }: { id: string; teamId: string },
  target: { host: string; registryId: string | null },
  images: readonly (string | null | undefined)[],
  { isFresh = false, only }: { isFresh?: boolean; only?: string } = {},
): Promise<Answer> {
  const all = new Set([target.host, ...images.flatMap(hostOf)]);
  const hosts = [...all].filter((host) => only === undefined || host === only);
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
        { kind: 'build', buildId, isFresh },
        ({ method, username, password, expiresAt }) => {
          const leftMs = expiresAt && expiresAt.getTime() - Date.now();
          const login = { host, method, username, password };
          credentials.push(leftMs === null ? login : { ...login, leftMs });
          return Promise.resolve();
        },
      ).catch((error: unknown) => {
        throw loginFailure(error, registry, isFresh);
      });
      break;
    }
  }
  const own = rows.find((row) => row.id === target.registryId);
  const caCertificates = own?.caCertificates ?? undefined;
  return {
    credentials,
    reach: {
      plainHttp: own?.plainHttp ?? false,
      ...(caCertificates === undefined ? {} : { caCertificates }),
    },
  };
}

const PASSING: readonly ErrorCode[] = [
  'CLOUD_UNREACHABLE',
  'REGISTRY_RATE_LIMITED',
];

function loginFailure(
  error: unknown,
  { name, host }: { name: string; host: string },
  mayBeTriedAgain: boolean,
): unknown {
  if (!(error instanceof AppError)) return error;
  if (mayBeTriedAgain && PASSING.includes(error.code)) return error;
  return new AppError(
    'BUILD_LOGIN_FAILED',
    `No login for ${name} (${host}): ${error.message}`,
    { cause: error },
  );
}

function hostOf(image: string | null | undefined): string[] {
  if (!image) return [];
  try {
    return [parseReference(image).registry];
  } catch {
    return [];
  }
}
