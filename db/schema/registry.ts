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
import { teams, users } from '@/db/schema/auth';
import { builds } from '@/db/schema/build';
import { createdAt, id, instant, updatedAt } from '@/db/schema/columns';
import type { CredentialCheckView } from '@/lib/registry/views';
import {
  CREDENTIAL_METHODS,
  CREDENTIAL_PURPOSES,
  CREDENTIAL_USES,
  type CredentialDetails,
  type RegistrySettings,
} from '@/lib/registry/credential';
import { REGISTRY_KINDS } from '@/lib/registry/schema';

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
    /** PEM certificates trusted for this registry beside the usual ones, `null` for none. */
    caCertificates: text(),
    /** What the kind needs beside the place. */
    settings: jsonb()
      .$type<RegistrySettings>()
      .notNull()
      .default({ version: 1 }),
    /** What a worker needs to build for this registry, beside what the spec asks for. */
    workerLabels: text().array().notNull().default([]),
    /** How many builds may push here at the same time, `null` for any number. */
    maxBuilds: integer(),
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
export type StoredCredentialCheck = Omit<CredentialCheckView, 'fault'> & {
  version: 1;
  fault?: CredentialCheckView['fault'];
};

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
    method: text({ enum: CREDENTIAL_METHODS }).notNull(),
    /** What the method needs beside its secret; nothing that must be kept from anybody. */
    details: jsonb()
      .$type<CredentialDetails>()
      .notNull()
      .default({ version: 1 }),
    /** `''` where the method needs none. */
    username: text().notNull(),
    sealedSecret: text().notNull(),
    keyId: text().notNull(),
    /** Origins of token services the owner let this credential go to, beside the registry's own. */
    realmOrigins: text().array().notNull().default([]),
    /** When it stops working, as far as anybody said. A minted password's own end is not kept. */
    expiresAt: instant(),
    lastCheck: jsonb().$type<StoredCredentialCheck>(),
    /** Since when its tests fail for its purpose; `null` while they do not. */
    failingSince: instant(),
    lastUsedAt: instant(),
    lastUsedFor: text({ enum: CREDENTIAL_USES }),
    lastBuildId: uuid().references(() => builds.id, { onDelete: 'set null' }),
    createdBy: uuid().references(() => users.id, { onDelete: 'set null' }),
    createdAt: createdAt(),
  },
  (table) => [
    uniqueIndex('credentials_purpose').on(table.registryId, table.purpose),
  ],
);

/** When a credential's tests began to fail, and when they were good again. Rows are only ever inserted. */
export const credentialChecks = pgTable(
  'credential_checks',
  {
    id: id(),
    teamId: uuid()
      .notNull()
      .references(() => teams.id, { onDelete: 'cascade' }),
    credentialId: uuid()
      .notNull()
      .references(() => credentials.id, { onDelete: 'cascade' }),
    isFailing: boolean().notNull(),
    /** A sentence of ours. */
    explanation: text().notNull(),
    at: createdAt(),
  },
  (table) => [
    index('credential_checks_credential').on(table.credentialId, table.id),
  ],
);
