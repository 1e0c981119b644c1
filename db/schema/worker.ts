import { jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { teams } from '@/db/schema/auth';
import { createdAt, id, instant } from '@/db/schema/columns';
import type { EngineReport } from '@/lib/build/protocol';

export const workers = pgTable(
  'workers',
  {
    id: id(),
    teamId: uuid()
      .notNull()
      .references(() => teams.id, { onDelete: 'cascade' }),
    name: text().notNull(),
    /** SHA-256 of the bearer secret, which has 256 bits of its own. */
    secretHash: text().notNull().unique(),
    version: text(),
    engine: jsonb().$type<EngineReport>(),
    lastSeenAt: instant(),
    createdAt: createdAt(),
  },
  (table) => [uniqueIndex('workers_name').on(table.teamId, table.name)],
);
