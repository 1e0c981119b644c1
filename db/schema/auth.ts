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
import { createdAt, id, instant, updatedAt } from '@/db/schema/columns';

export const ROLES = ['owner', 'member'] as const;
export type Role = (typeof ROLES)[number];

/** What a one-time link may do. */
export const INVITATION_PURPOSES = ['owner', 'reset'] as const;
export type InvitationPurpose = (typeof INVITATION_PURPOSES)[number];

export const users = pgTable(
  'users',
  {
    id: id(),
    email: text().notNull(),
    name: text().notNull(),
    passwordHash: text(),
    /** Raised to sign every session of this person out. */
    sessionVersion: integer().notNull().default(1),
    disabledAt: instant(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [uniqueIndex('users_email').on(sql`lower(${table.email})`)],
);

export const teams = pgTable('teams', {
  id: id(),
  name: text().notNull(),
  createdAt: createdAt(),
});

export const memberships = pgTable(
  'memberships',
  {
    teamId: uuid()
      .notNull()
      .references(() => teams.id, { onDelete: 'cascade' }),
    userId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    role: text({ enum: ROLES }).notNull(),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.teamId, table.userId] }),
    index('memberships_user').on(table.userId),
  ],
);

/** One-time links; only the token's SHA-256 is kept. */
export const invitations = pgTable('invitations', {
  id: id(),
  teamId: uuid()
    .notNull()
    .references(() => teams.id, { onDelete: 'cascade' }),
  purpose: text({ enum: INVITATION_PURPOSES }).notNull(),
  tokenHash: text().notNull().unique(),
  expiresAt: instant().notNull(),
  usedAt: instant(),
  createdAt: createdAt(),
});

/** Rows are only ever inserted; a trigger refuses anything else. */
export const auditEvents = pgTable(
  'audit_events',
  {
    id: id(),
    teamId: uuid()
      .notNull()
      .references(() => teams.id, { onDelete: 'restrict' }),
    /** `null`: done by the system or from the command line. */
    userId: uuid().references(() => users.id, { onDelete: 'restrict' }),
    action: text().notNull(),
    subject: text().notNull(),
    subjectId: uuid(),
    detail: jsonb()
      .$type<Record<string, string | number | boolean>>()
      .notNull()
      .default({}),
    at: createdAt(),
  },
  (table) => [index('audit_events_team').on(table.teamId, table.id)],
);
