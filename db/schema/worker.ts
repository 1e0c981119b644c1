import {
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { sql } from 'drizzle-orm';
import { teams, users } from '@/db/schema/auth';
import { createdAt, id, instant } from '@/db/schema/columns';
import type { Finding } from '@/lib/build/doctor';
import type { EngineReport } from '@/lib/build/protocol';

export const workers = pgTable(
  'workers',
  {
    id: id(),
    teamId: uuid()
      .notNull()
      .references(() => teams.id, { onDelete: 'cascade' }),
    name: text().notNull(),
    /** SHA-256 of the bearer secret, which has 256 bits of its own. `null` once it is revoked. */
    secretHash: text().unique(),
    /** The one that `npm start` runs; its secret is written to the data folder, so it can be paused, not revoked. */
    isLocal: boolean().notNull().default(false),
    /** What a build may ask for; a worker takes it only when it has all of them. */
    labels: text().array().notNull().default([]),
    /** Takes only builds that ask for one of its labels. */
    isReserved: boolean().notNull().default(false),
    /** How many builds it runs at the same time. */
    slots: integer().notNull().default(2),
    /** Takes nothing new from then on. */
    pausedAt: instant(),
    pausedBy: uuid().references(() => users.id, { onDelete: 'set null' }),
    revokedAt: instant(),
    version: text(),
    /** The protocol it spoke when it was turned away for it; `null` while it is let in. */
    refusedProtocol: text(),
    engine: jsonb().$type<EngineReport>(),
    /** What its last look after itself found. */
    findings: jsonb().$type<Finding[]>(),
    checkedAt: instant(),
    /** When a person asked for another look, until the worker is told. */
    checkupAskedAt: instant(),
    checkupOrderedAt: instant(),
    lastSeenAt: instant(),
    createdAt: createdAt(),
  },
  (table) => [
    uniqueIndex('workers_name')
      .on(table.teamId, table.name)
      .where(sql`${table.revokedAt} is null`),
  ],
);

/** A one-time code that makes a worker. */
export const enrolments = pgTable(
  'enrolments',
  {
    id: id(),
    teamId: uuid()
      .notNull()
      .references(() => teams.id, { onDelete: 'cascade' }),
    codeHash: text().notNull().unique(),
    name: text().notNull(),
    labels: text().array().notNull(),
    isReserved: boolean().notNull(),
    slots: integer().notNull(),
    createdBy: uuid().references(() => users.id, { onDelete: 'set null' }),
    expiresAt: instant().notNull(),
    usedAt: instant(),
    workerId: uuid().references(() => workers.id, { onDelete: 'set null' }),
    createdAt: createdAt(),
  },
  (table) => [index('enrolments_team').on(table.teamId, table.id)],
);
