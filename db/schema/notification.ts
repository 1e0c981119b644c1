import { sql } from 'drizzle-orm';
import {
  index,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { teams, users } from '@/db/schema/auth';
import { createdAt, id, instant } from '@/db/schema/columns';
import { ALERT_KINDS, type AlertDetail } from '@/lib/registry/alerts';

/** What needs a person. One row for a subject as long as it stands; raised again it has newer facts. */
export const notifications = pgTable(
  'notifications',
  {
    id: id(),
    teamId: uuid()
      .notNull()
      .references(() => teams.id, { onDelete: 'cascade' }),
    kind: text({ enum: ALERT_KINDS }).notNull(),
    subject: text().notNull(),
    detail: jsonb().$type<AlertDetail>().notNull(),
    raisedAt: createdAt(),
    resolvedAt: instant(),
    /** Who said that it is settled; null when it settled itself. */
    resolvedBy: uuid().references(() => users.id, { onDelete: 'set null' }),
    createdAt: createdAt(),
  },
  (table) => [
    uniqueIndex('notifications_open')
      .on(table.teamId, table.kind, table.subject)
      .where(sql`${table.resolvedAt} is null`),
    index('notifications_team').on(table.teamId, table.id),
    index('notifications_kind').on(table.teamId, table.kind, table.id),
  ],
);

/** Who has read which: what is news to one person is not to another. */
export const notificationReads = pgTable(
  'notification_reads',
  {
    notificationId: uuid()
      .notNull()
      .references(() => notifications.id, { onDelete: 'cascade' }),
    userId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    readAt: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.notificationId, table.userId] })],
);
