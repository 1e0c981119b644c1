import 'server-only';
import { isNull, sql } from 'drizzle-orm';
import { builds } from '@/db/schema';

/** What people call a build: a part is shown with the build it is a part of, and never beside it. */
export const isWhole = isNull(builds.partOfId);

/** The build that a row belongs to: itself, or the one it is a part of. */
export const wholeId = sql<string>`coalesce(${builds.partOfId}, ${builds.id})`;
