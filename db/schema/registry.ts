import {
  boolean,
  index,
  jsonb,
  pgTable,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { teams, users } from '@/db/schema/auth';
import { createdAt, id, instant, updatedAt } from '@/db/schema/columns';
import type { CredentialCheckView } from '@/lib/registry/views';
import { CREDENTIAL_PURPOSES, REGISTRY_KINDS } from '@/lib/registry/schema';

/** The place. No secret here. */
export const registries = pgTable(
  'registries',
  {
    id: id(),
    teamId: uuid()
      .notNull()
      .references(() => teams.id, { onDelete: 'cascade' }),
    name: text().notNull(),
    kind: text({ enum: REGISTRY_KINDS }).notNull(),
    /** Host with port, as it stands in references. */
    host: text().notNull(),
    /** Path below the host that images go under, `''` for none. */
    namespace: text().notNull(),
    plainHttp: boolean().notNull().default(false),
    /** CIDR ranges outside the public internet that the owner opened for exactly this host and port. */
    allowedRanges: text().array().notNull().default([]),
    archivedAt: instant(),
    createdBy: uuid().references(() => users.id, { onDelete: 'set null' }),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [
    uniqueIndex('registries_name').on(table.teamId, table.name),
    index('registries_host').on(table.teamId, table.host),
  ],
);

/** What the last test of a credential found. */
export type StoredCredentialCheck = CredentialCheckView & { version: 1 };

/** The secret, sealed. Replaced, never edited; deleted for real. */
export const credentials = pgTable(
  'credentials',
  {
    id: id(),
    teamId: uuid()
      .notNull()
      .references(() => teams.id, { onDelete: 'cascade' }),
    registryId: uuid()
      .notNull()
      .references(() => registries.id, { onDelete: 'cascade' }),
    purpose: text({ enum: CREDENTIAL_PURPOSES }).notNull(),
    method: text({ enum: ['password'] }).notNull(),
    username: text().notNull(),
    sealedSecret: text().notNull(),
    keyId: text().notNull(),
    /** Origins of token services the owner let this credential go to, beside the registry's own. */
    realmOrigins: text().array().notNull().default([]),
    lastCheck: jsonb().$type<StoredCredentialCheck>(),
    lastUsedAt: instant(),
    createdBy: uuid().references(() => users.id, { onDelete: 'set null' }),
    createdAt: createdAt(),
  },
  (table) => [
    uniqueIndex('credentials_purpose').on(table.registryId, table.purpose),
  ],
);
