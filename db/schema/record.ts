import {
  bigint,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uuid,
} from 'drizzle-orm/pg-core';
import { teams, users } from '@/db/schema/auth';
import { bytea, createdAt, id, instant } from '@/db/schema/columns';
import { BUILD_STATES } from '@/lib/build/state';

/** Builds of other installations or teams, imported to be read. They are no builds of the team: nothing else looks here. */
export const buildRecords = pgTable(
  'build_records',
  {
    id: id(),
    teamId: uuid()
      .notNull()
      .references(() => teams.id, { onDelete: 'cascade' }),
    importedBy: uuid().references(() => users.id, { onDelete: 'set null' }),
    importedAt: createdAt(),
    /** From the record, for lists. */
    fromUrl: text().notNull(),
    fromTeam: text().notNull(),
    specName: text().notNull(),
    number: integer().notNull(),
    state: text({ enum: BUILD_STATES }).notNull(),
    builtAt: instant().notNull(),
    /** All of it but the log as JSON, gzip; no jsonb, because it holds what others wrote, NUL included. */
    manifest: bytea().notNull(),
    /** Stored bytes of manifest and log. */
    sizeBytes: bigint({ mode: 'number' }).notNull(),
  },
  (table) => [index('build_records_team').on(table.teamId, table.id)],
);

/** The log of a record, as `build_log_chunks` has that of a build, so that both are read the same way. */
export const buildRecordChunks = pgTable(
  'build_record_chunks',
  {
    /** Of the record. */
    buildId: uuid('record_id')
      .notNull()
      .references(() => buildRecords.id, { onDelete: 'cascade' }),
    attempt: integer().notNull(),
    firstSeq: bigint({ mode: 'number' }).notNull(),
    lastSeq: bigint({ mode: 'number' }).notNull(),
    firstLine: bigint({ mode: 'number' }).notNull(),
    lines: integer().notNull(),
    bytes: bytea().notNull(),
    /** Its lines by step. */
    counts: jsonb().$type<Record<string, number>>().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.buildId, table.attempt, table.firstSeq] }),
    index('build_record_chunks_line').on(
      table.buildId,
      table.attempt,
      table.firstLine,
    ),
  ],
);
