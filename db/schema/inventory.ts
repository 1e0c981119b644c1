import {
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uuid,
} from 'drizzle-orm/pg-core';
import { teams, users } from '@/db/schema/auth';
import { createdAt, id, instant } from '@/db/schema/columns';
import { repositories } from '@/db/schema/image';
import { registries } from '@/db/schema/registry';
import {
  COPY_STATES,
  type CopyProgressView,
  SYNC_PHASES,
  SYNC_STATES,
} from '@/lib/registry/inventory';

const repositoryId = () =>
  uuid()
    .notNull()
    .references(() => repositories.id, { onDelete: 'cascade' });

/** The parts that an index names, known here or not. */
export const indexChildren = pgTable(
  'index_children',
  {
    repositoryId: repositoryId(),
    indexDigest: text().notNull(),
    childDigest: text().notNull(),
    position: integer().notNull(),
    platform: text(),
    /** An attestation or the like, which no machine runs. */
    isExtra: boolean().notNull(),
  },
  (table) => [
    primaryKey({
      columns: [table.repositoryId, table.indexDigest, table.childDigest],
    }),
    index('index_children_child').on(table.repositoryId, table.childDigest),
  ],
);

/** How the last reading of a repository went, or goes: one row, overwritten by the next. */
export const repositorySyncs = pgTable('repository_syncs', {
  repositoryId: repositoryId().primaryKey(),
  state: text({ enum: SYNC_STATES }).notNull(),
  phase: text({ enum: SYNC_PHASES }).notNull().default('tags'),
  doneCount: integer().notNull().default(0),
  totalCount: integer().notNull().default(0),
  /** Digests that were new. */
  addedCount: integer().notNull().default(0),
  /** What was left out for the registry's sake, in our words. */
  note: text(),
  requestedBy: uuid().references(() => users.id, { onDelete: 'set null' }),
  requestedAt: createdAt(),
  /** A sync taken up again after its process was killed keeps it: tags looked at since then are not asked for again. */
  startedAt: instant(),
  finishedAt: instant(),
  /** When one last came to its end. */
  syncedAt: instant(),
  cancelledAt: instant(),
  failureCode: text(),
  /** A fixed text of ours, never an upstream's. */
  failureMessage: text(),
});

/** What a registry turned out to be able to do, and its last reading. `null`: not tried yet. */
export const registryScans = pgTable('registry_scans', {
  registryId: uuid()
    .primaryKey()
    .references(() => registries.id, { onDelete: 'cascade' }),
  hasCatalog: boolean(),
  hasReferrersApi: boolean(),
  deletesTags: boolean(),
  deletesDigests: boolean(),
  repositoryCount: integer(),
  scannedAt: instant(),
  failureCode: text(),
  failureMessage: text(),
});

/** Copies of images from one repository to another. */
export const imageCopies = pgTable(
  'image_copies',
  {
    id: id(),
    teamId: uuid()
      .notNull()
      .references(() => teams.id, { onDelete: 'cascade' }),
    state: text({ enum: COPY_STATES }).notNull(),
    fromRepositoryId: repositoryId(),
    digest: text().notNull(),
    toRepositoryId: repositoryId(),
    /** `null` puts it there under its digest alone. */
    tag: text(),
    withReferrers: boolean().notNull(),
    progress: jsonb().$type<CopyProgressView>(),
    requestedBy: uuid().references(() => users.id, { onDelete: 'set null' }),
    createdAt: createdAt(),
    startedAt: instant(),
    finishedAt: instant(),
    cancelledAt: instant(),
    failureCode: text(),
    failureMessage: text(),
  },
  (table) => [
    index('image_copies_from').on(table.fromRepositoryId, table.id),
    index('image_copies_to').on(table.toRepositoryId, table.id),
    index('image_copies_team').on(table.teamId, table.id),
  ],
);
