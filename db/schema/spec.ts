import {
  type AnyPgColumn,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { teams, users } from '@/db/schema/auth';
import { bytea, createdAt, id, instant, updatedAt } from '@/db/schema/columns';
import { registries } from '@/db/schema/registry';
import type { Digests } from '@/lib/imagespec/digests';
import type { ImageSpec } from '@/lib/imagespec/schema';

export const REVISION_ORIGINS = ['form', 'python'] as const;

export const imageSpecs = pgTable(
  'image_specs',
  {
    id: id(),
    teamId: uuid()
      .notNull()
      .references(() => teams.id, { onDelete: 'cascade' }),
    name: text().notNull(),
    /** The registry its images go to; `null` for one that names a registry we do not keep. */
    registryId: uuid().references(() => registries.id, {
      onDelete: 'set null',
    }),
    currentRevision: integer().notNull(),
    /** What a worker needs to build it. */
    workerLabels: text().array().notNull().default([]),
    /** Time limits of its builds; `null` takes the team's. */
    totalMinutes: integer(),
    idleMinutes: integer(),
    archivedAt: instant(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [
    uniqueIndex('image_specs_name').on(table.teamId, table.name),
    index('image_specs_team').on(table.teamId, table.id),
    index('image_specs_registry').on(table.registryId),
  ],
);

/** Immutable: a trigger refuses any update. */
export const specRevisions = pgTable(
  'spec_revisions',
  {
    id: id(),
    teamId: uuid()
      .notNull()
      .references(() => teams.id, { onDelete: 'cascade' }),
    specId: uuid()
      .notNull()
      .references(() => imageSpecs.id, { onDelete: 'cascade' }),
    number: integer().notNull(),
    fields: jsonb().$type<ImageSpec>().notNull(),
    /** Path the spec names → SHA-256 of the bytes in `files`. */
    files: jsonb().$type<Record<string, string>>().notNull().default({}),
    /** SHA-256, in `files`, of the project's folder that `copy` and `source_root` name, as a packed archive. */
    archive: text(),
    /** What `pip_secret_mounts` calls a file → name of the team's secret. */
    secretNames: jsonb().$type<Record<string, string>>().notNull().default({}),
    /** The revision that stands in `fields.base_image`, when the base is a spec. */
    baseRevisionId: uuid().references((): AnyPgColumn => specRevisions.id, {
      onDelete: 'restrict',
    }),
    /** Of the files above, as flytekit hashes them. */
    digests: jsonb().$type<Digests>().notNull().default({}),
    /** What we build from. */
    definitionHash: text().notNull(),
    /** What flytekit would compute. */
    tag: text().notNull(),
    /** `registry/name`, without the tag. */
    imageName: text().notNull(),
    /** flytekit's `_F_IMG_ID`. */
    flyteId: text().notNull(),
    flytekitVersion: text().notNull(),
    message: text().notNull().default(''),
    origin: text({ enum: REVISION_ORIGINS }).notNull(),
    authorId: uuid().references(() => users.id, { onDelete: 'set null' }),
    createdAt: createdAt(),
  },
  (table) => [
    uniqueIndex('spec_revisions_number').on(table.specId, table.number),
    index('spec_revisions_tag').on(table.teamId, table.imageName, table.tag),
    index('spec_revisions_of_tag').on(table.teamId, table.tag),
    index('spec_revisions_base').on(table.baseRevisionId),
  ],
);

/** Bytes a revision names (requirements, lock files), stored once per team. */
export const files = pgTable(
  'files',
  {
    teamId: uuid()
      .notNull()
      .references(() => teams.id, { onDelete: 'cascade' }),
    sha256: text().notNull(),
    bytes: bytea().notNull(),
    createdAt: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.teamId, table.sha256] })],
);
