import { pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { teams, users } from '@/db/schema/auth';
import { createdAt, id, instant } from '@/db/schema/columns';

/** A file that builds may read while they install packages, sealed. Replaced, never edited; deleted for real. */
export const buildSecrets = pgTable(
  'build_secrets',
  {
    id: id(),
    teamId: uuid()
      .notNull()
      .references(() => teams.id, { onDelete: 'cascade' }),
    name: text().notNull(),
    sealedContent: text().notNull(),
    keyId: text().notNull(),
    lastUsedAt: instant(),
    storedBy: uuid().references(() => users.id, { onDelete: 'set null' }),
    storedAt: createdAt(),
  },
  (table) => [uniqueIndex('build_secrets_name').on(table.teamId, table.name)],
);
