import {
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  uuid,
} from 'drizzle-orm/pg-core';
import { teams } from '@/db/schema/auth';
import { createdAt, instant } from '@/db/schema/columns';
import { repositories } from '@/db/schema/image';
import { ACCESS_IDENTITIES } from '@/lib/registry/access-evidence';

/** Why a reference is watched. `base`: what runs does not stand on it. */
export const WATCH_REASONS = ['task', 'spec', 'default', 'base'] as const;

/** What is in use, and when it is looked at next. Rewritten from tasks, specs and defaults; the due time stays. */
export const accessWatches = pgTable(
  'access_watches',
  {
    teamId: uuid()
      .notNull()
      .references(() => teams.id, { onDelete: 'cascade' }),
    repositoryId: uuid()
      .notNull()
      .references(() => repositories.id, { onDelete: 'cascade' }),
    /** `:tag` or `@digest`. */
    reference: text().notNull(),
    /** `''` asks only where a tag points. */
    platform: text().notNull(),
    reason: text({ enum: WATCH_REASONS }).notNull(),
    dueAt: createdAt(),
    /** When the collector last found it in use. */
    seenAt: createdAt(),
  },
  (table) => [
    primaryKey({
      columns: [table.repositoryId, table.reference, table.platform],
    }),
    index('access_watches_due').on(table.teamId, table.dueAt),
  ],
);

/** When what a team uses was last collected; null asks for it again. */
export const accessSweeps = pgTable('access_sweeps', {
  teamId: uuid()
    .primaryKey()
    .references(() => teams.id, { onDelete: 'cascade' }),
  collectedAt: instant(),
});

/** What a host said of its pull limit to one identity of a team. */
export const registryLimits = pgTable(
  'registry_limits',
  {
    teamId: uuid()
      .notNull()
      .references(() => teams.id, { onDelete: 'cascade' }),
    host: text().notNull(),
    identity: text({ enum: ACCESS_IDENTITIES }).notNull(),
    /** Null: it answered, and counts nothing. */
    limit: integer(),
    remaining: integer(),
    windowSeconds: integer(),
    source: text(),
    /** It refused: not to be asked before. */
    pausedUntil: instant(),
    seenAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.teamId, table.host, table.identity] }),
    index('registry_limits_host').on(table.host, table.identity),
  ],
);

/** Manifests and what a check needs of configs, by digest, for one team: a digest alone shows nobody what it names. */
export const registryContents = pgTable(
  'registry_contents',
  {
    teamId: uuid()
      .notNull()
      .references(() => teams.id, { onDelete: 'cascade' }),
    digest: text().notNull(),
    mediaType: text().notNull(),
    content: text().notNull(),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.teamId, table.digest] }),
    index('registry_contents_age').on(table.createdAt),
  ],
);
