import 'server-only';
import { and, eq, lt, sql } from 'drizzle-orm';
import { db } from '@/db';
import { registryContents } from '@/db/schema';
import type { ContentCache } from '@/lib/registry/client/content-cache';

/** A row is dropped after this long: what is still in use is then read once more. */
const KEPT = sql`interval '90 days'`;

/** The team's manifests and configs by digest. */
export function contentCache(teamId: string): ContentCache {
  return {
    find: async (digest) => {
      const [row] = await db()
        .select({
          mediaType: registryContents.mediaType,
          text: registryContents.content,
        })
        .from(registryContents)
        .where(
          and(
            eq(registryContents.teamId, teamId),
            eq(registryContents.digest, digest),
          ),
        );
      return row ?? null;
    },
    keep: async (digest, { mediaType, text }) => {
      // PostgreSQL text holds no NUL, and neither does a manifest that anybody can use.
      if (text.includes('\0')) return;
      await db()
        .insert(registryContents)
        .values({ teamId, digest, mediaType, content: text })
        .onConflictDoNothing();
    },
  };
}

/** Drops what was read long ago. */
export async function dropOldContents(teamId: string): Promise<void> {
  await db()
    .delete(registryContents)
    .where(
      and(
        eq(registryContents.teamId, teamId),
        lt(registryContents.createdAt, sql`now() - ${KEPT}`),
      ),
    );
}
