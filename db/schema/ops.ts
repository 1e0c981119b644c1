import { sql } from 'drizzle-orm';
import {
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { teams } from '@/db/schema/auth';
import { createdAt, id, instant, updatedAt } from '@/db/schema/columns';

export const JOB_KINDS = [
  'verify_build',
  'follow_parts',
  'push_index',
  'check_access',
  'merge_log',
  'read_image',
  'sweep_access',
  'test_credential',
  'sync_repository',
  'sync_registry',
  'copy_image',
  'prune_history',
] as const;
export type JobKind = (typeof JOB_KINDS)[number];

export const settings = pgTable(
  'settings',
  {
    teamId: uuid()
      .notNull()
      .references(() => teams.id, { onDelete: 'cascade' }),
    key: text().notNull(),
    value: jsonb().notNull(),
    updatedAt: updatedAt(),
  },
  (table) => [primaryKey({ columns: [table.teamId, table.key] })],
);

/** What must happen later, written in the transaction that causes it, claimed with SKIP LOCKED. */
export const jobs = pgTable(
  'jobs',
  {
    id: id(),
    teamId: uuid()
      .notNull()
      .references(() => teams.id, { onDelete: 'cascade' }),
    kind: text({ enum: JOB_KINDS }).notNull(),
    /** One pending job per key: asking twice is asking once. */
    key: text().notNull(),
    payload: jsonb().$type<Record<string, string | number>>().notNull(),
    runAfter: createdAt(),
    leaseUntil: instant(),
    attempts: integer().notNull().default(0),
    /** A fixed text of ours, never an upstream's. */
    lastError: text(),
    finishedAt: instant(),
    createdAt: createdAt(),
  },
  (table) => [
    uniqueIndex('jobs_pending')
      .on(table.kind, table.key)
      .where(sql`${table.finishedAt} is null`),
    index('jobs_due')
      .on(table.runAfter)
      .where(sql`${table.finishedAt} is null`),
  ],
);
