import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { teams } from '@/db/schema/auth';
import { createdAt, id, instant } from '@/db/schema/columns';
import { registries } from '@/db/schema/registry';
import { ACCESS_VERDICTS } from '@/lib/registry/access';
import {
  ACCESS_IDENTITIES,
  type AccessEvidence,
} from '@/lib/registry/access-evidence';
import { MANIFEST_KINDS } from '@/lib/registry/manifest-kinds';

export type ImageRun = {
  version: 1;
  entrypoint: string[];
  command: string[];
  user: string;
  workdir: string;
  env: string[];
};

export const repositories = pgTable(
  'repositories',
  {
    id: id(),
    teamId: uuid()
      .notNull()
      .references(() => teams.id, { onDelete: 'cascade' }),
    /** Public repositories of others need none. */
    registryId: uuid().references(() => registries.id, {
      onDelete: 'set null',
    }),
    host: text().notNull(),
    path: text().notNull(),
    createdAt: createdAt(),
  },
  (table) => [
    uniqueIndex('repositories_place').on(table.teamId, table.host, table.path),
    index('repositories_registry').on(table.registryId),
  ],
);

const repositoryId = () =>
  uuid()
    .notNull()
    .references(() => repositories.id, { onDelete: 'cascade' });

/** `(repository, digest)` is an image. Everything else meets here. */
export const manifests = pgTable(
  'manifests',
  {
    repositoryId: repositoryId(),
    digest: text().notNull(),
    /** Its repository's, so that the team's list has an index of its own. */
    teamId: uuid()
      .notNull()
      .references(() => teams.id, { onDelete: 'cascade' }),
    kind: text({ enum: MANIFEST_KINDS }).notNull(),
    mediaType: text().notNull(),
    platform: text(),
    /** Its own, or of an index those of its parts. */
    platforms: text().array().notNull().default([]),
    /** What it hangs on: of a signature or an attestation. */
    subjectDigest: text(),
    /** What kind of artifact it is; of an attestation what its statements are about, separated by commas. */
    artifactType: text(),
    /** An index names it and no tag does: lists show the index instead. */
    isPart: boolean().notNull().default(false),
    configDigest: text(),
    /** Compressed bytes of config and layers. */
    sizeBytes: bigint({ mode: 'number' }),
    labels: jsonb().$type<Record<string, string>>().notNull().default({}),
    /** What the config says it runs as. */
    run: jsonb().$type<ImageRun>(),
    /** When the image says it was made. */
    imageCreatedAt: instant(),
    /** Where it stands in lists: when it was made, as far as that can be believed, else when it was first seen. */
    sortedAt: instant()
      .notNull()
      .default(sql`date_trunc('milliseconds', now())`),
    firstSeenAt: createdAt(),
    lastSeenAt: createdAt(),
    /** When its referrers were last asked for. */
    referrersAt: instant(),
    goneAt: instant(),
  },
  (table) => [
    primaryKey({ columns: [table.repositoryId, table.digest] }),
    index('manifests_list').on(
      table.teamId,
      table.sortedAt,
      table.repositoryId,
      table.digest,
    ),
    index('manifests_repository').on(
      table.repositoryId,
      table.sortedAt,
      table.digest,
    ),
    index('manifests_digest').on(
      table.teamId,
      table.digest.op('text_pattern_ops'),
    ),
    index('manifests_platforms').using('gin', table.platforms),
    index('manifests_labels').using('gin', table.labels.op('jsonb_path_ops')),
    index('manifests_subject')
      .on(table.repositoryId, table.subjectDigest)
      .where(sql`${table.subjectDigest} is not null`),
    index('manifests_gone')
      .on(table.teamId, table.sortedAt, table.repositoryId, table.digest)
      .where(sql`${table.goneAt} is not null`),
  ],
);

export const manifestLayers = pgTable(
  'manifest_layers',
  {
    repositoryId: repositoryId(),
    digest: text().notNull(),
    position: integer().notNull(),
    blobDigest: text().notNull(),
    sizeBytes: bigint({ mode: 'number' }).notNull(),
    madeBy: text(),
  },
  (table) => [
    primaryKey({ columns: [table.repositoryId, table.digest, table.position] }),
    index('manifest_layers_blob').on(table.blobDigest),
  ],
);

/** An observation: what a tag points to, as last seen. */
export const tags = pgTable(
  'tags',
  {
    repositoryId: repositoryId(),
    name: text().notNull(),
    currentDigest: text(),
    firstSeenAt: createdAt(),
    checkedAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.repositoryId, table.name] }),
    index('tags_digest').on(table.repositoryId, table.currentDigest),
    index('tags_name').on(table.name.op('text_pattern_ops')),
  ],
);

export const tagMoves = pgTable(
  'tag_moves',
  {
    id: id(),
    repositoryId: repositoryId(),
    tag: text().notNull(),
    fromDigest: text(),
    toDigest: text(),
    seenAt: createdAt(),
  },
  (table) => [
    index('tag_moves_tag').on(table.repositoryId, table.tag, table.id),
  ],
);

const checked = {
  repositoryId: repositoryId(),
  /** `:tag` or `@digest`, as it was asked. */
  reference: text().notNull(),
  identity: text({ enum: ACCESS_IDENTITIES }).notNull(),
  platform: text().notNull(),
  /** `server`, or the id of the worker that looked. */
  vantage: text().notNull(),
  verdict: text({ enum: ACCESS_VERDICTS }).notNull(),
  digest: text(),
  evidence: jsonb().$type<AccessEvidence>().notNull(),
  checkedAt: createdAt(),
};

/** Append-only history: a row where the answer changed, and where a rate limit stood in the way of one. */
export const accessChecks = pgTable(
  'access_checks',
  { id: id(), ...checked },
  (table) => [
    index('access_checks_place').on(
      table.repositoryId,
      table.reference,
      table.id,
    ),
  ],
);

/** The latest verdict, upserted beside the history: one indexed read. */
export const accessCurrent = pgTable(
  'access_current',
  {
    ...checked,
    /** When the answer last became another. */
    changedAt: createdAt(),
    /** How many looks since gave the same one. */
    unchanged: integer().notNull().default(0),
    /** When a rate limit last stood in the way of a newer answer; null once there is one. */
    limitedAt: instant(),
  },
  (table) => [
    primaryKey({
      columns: [
        table.repositoryId,
        table.reference,
        table.identity,
        table.platform,
        table.vantage,
      ],
    }),
    index('access_current_digest').on(table.repositoryId, table.digest),
    index('access_current_verdict').on(
      table.verdict,
      table.repositoryId,
      table.reference,
    ),
  ],
);
