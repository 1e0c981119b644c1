import { sql } from 'drizzle-orm';
import {
  type AnyPgColumn,
  bigint,
  boolean,
  foreignKey,
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
import { bytea, createdAt, id, instant } from '@/db/schema/columns';
import { repositories } from '@/db/schema/image';
import { imageSpecs, specRevisions } from '@/db/schema/spec';
import { workers } from '@/db/schema/worker';
import type { OutputDetail } from '@/lib/build/bases';
import type { ImagePackages } from '@/lib/build/packages';
import type { MadeWith } from '@/lib/build/made-with';
import { DEFAULT_LIMITS } from '@/lib/build/limits';
import type { LogRemoval } from '@/lib/build/log-retention';
import {
  ATTEMPT_OUTCOMES,
  BUILD_CAUSES,
  BUILD_STATES,
  STEP_STATES,
  VERIFIERS,
} from '@/lib/build/state';

/** State changes only through `moveBuild` in lib/services/build-moves. */
export const builds = pgTable(
  'builds',
  {
    id: id(),
    teamId: uuid()
      .notNull()
      .references(() => teams.id, { onDelete: 'cascade' }),
    /** Short, per team, for people. A part has the number of the build it is a part of. */
    number: integer().notNull(),
    /** The build for several platforms that this one makes the image of one platform for. */
    partOfId: uuid().references((): AnyPgColumn => builds.id, {
      onDelete: 'cascade',
    }),
    specId: uuid()
      .notNull()
      .references(() => imageSpecs.id, { onDelete: 'restrict' }),
    revisionId: uuid()
      .notNull()
      .references(() => specRevisions.id, { onDelete: 'restrict' }),
    /** The build of the base image, when that is a spec: this one waits until it is published. */
    baseBuildId: uuid().references((): AnyPgColumn => builds.id, {
      onDelete: 'set null',
    }),
    cause: text({ enum: BUILD_CAUSES }).notNull(),
    startedBy: uuid().references(() => users.id, { onDelete: 'set null' }),
    /** The build that this one was asked for again from. */
    earlierBuildId: uuid().references((): AnyPgColumn => builds.id, {
      onDelete: 'set null',
    }),
    /** One platform; of a build with parts all of theirs, with commas, so that no worker takes it. */
    platform: text().notNull(),
    repositoryId: uuid()
      .notNull()
      .references(() => repositories.id, { onDelete: 'restrict' }),
    tag: text().notNull(),
    noCache: boolean().notNull().default(false),
    /** What its worker needs: the spec's and the registry's labels as they were when it was queued. */
    labels: text().array().notNull().default([]),
    /** Its time limits, as they were when it was queued. */
    totalMinutes: integer().notNull().default(DEFAULT_LIMITS.totalMinutes),
    idleMinutes: integer().notNull().default(DEFAULT_LIMITS.idleMinutes),
    state: text({ enum: BUILD_STATES }).notNull(),
    /** 0 until the first claim. */
    currentAttempt: integer().notNull().default(0),
    cancelledBy: uuid().references(() => users.id, { onDelete: 'set null' }),
    /** The build of a newer revision that made a cancelled one pointless. */
    supersededById: uuid().references((): AnyPgColumn => builds.id, {
      onDelete: 'set null',
    }),
    /** Its image was in the registry already. */
    isReused: boolean().notNull().default(false),
    /** The build that made a reused image; `null` when nobody here knows. */
    sourceBuildId: uuid().references((): AnyPgColumn => builds.id, {
      onDelete: 'set null',
    }),
    failureCode: text(),
    failureMessage: text(),
    failureStep: text(),
    failureExitCode: integer(),
    /** Set when the worker reported it; it counts once the build is `published`. */
    digest: text(),
    verifiedBy: text({ enum: VERIFIERS }),
    /** Since when its logs are kept whatever the team's retention, and who said so. */
    keptAt: instant(),
    keptBy: uuid().references(() => users.id, { onDelete: 'set null' }),
    createdAt: createdAt(),
    startedAt: instant(),
    finishedAt: instant(),
  },
  (table) => [
    uniqueIndex('builds_number')
      .on(table.teamId, table.number)
      .where(sql`${table.partOfId} is null`),
    index('builds_part_of').on(table.partOfId),
    index('builds_team').on(table.teamId, table.id),
    index('builds_spec').on(table.specId, table.id),
    index('builds_state').on(table.teamId, table.state, table.id),
    index('builds_base').on(table.baseBuildId),
    index('builds_revision').on(table.revisionId, table.id),
    index('builds_digest').on(table.repositoryId, table.digest),
    index('builds_earlier').on(table.earlierBuildId),
  ],
);

/** Who asked for a build: it is cancelled when the last of them no longer wants it. */
export const buildAsks = pgTable(
  'build_asks',
  {
    buildId: uuid()
      .notNull()
      .references(() => builds.id, { onDelete: 'cascade' }),
    userId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    askedAt: createdAt(),
    withdrawnAt: instant(),
  },
  (table) => [primaryKey({ columns: [table.buildId, table.userId] })],
);

/** The builds that were asked for together. */
export const buildBatches = pgTable(
  'build_batches',
  {
    batchId: uuid().notNull(),
    buildId: uuid()
      .notNull()
      .references(() => builds.id, { onDelete: 'cascade' }),
  },
  (table) => [primaryKey({ columns: [table.batchId, table.buildId] })],
);

/** One run on one worker. */
export const buildAttempts = pgTable(
  'build_attempts',
  {
    buildId: uuid()
      .notNull()
      .references(() => builds.id, { onDelete: 'cascade' }),
    attempt: integer().notNull(),
    workerId: uuid().references(() => workers.id, { onDelete: 'set null' }),
    /** The worker's own key of the claim, to answer it again. */
    claimKey: uuid().notNull().defaultRandom(),
    leaseUntil: instant().notNull(),
    claimedAt: createdAt(),
    finishedAt: instant(),
    outcome: text({ enum: ATTEMPT_OUTCOMES }),
    failureCode: text(),
    /** The next event number wanted. */
    nextSeq: bigint({ mode: 'number' }).notNull().default(1),
    /** Log lines stored so far. */
    lineCount: bigint({ mode: 'number' }).notNull().default(0),
    pushBegan: boolean().notNull().default(false),
    /** Whether the stored events hash to what the worker says it sent; `null` while it runs. */
    isLogIntact: boolean(),
    /** The worker read the pushed manifest back itself. */
    workerReadBack: boolean().notNull().default(false),
    /** The exact Dockerfile it ran. */
    dockerfile: text(),
    /** The worker's release and engine as it claimed the build; `null` of attempts from before they were kept. */
    madeWith: jsonb().$type<MadeWith>(),
    /** What its chunks take, compressed; 0 once they were removed. */
    logBytes: bigint({ mode: 'number' }).notNull().default(0),
    /** When and by which limit its chunks were removed. */
    logRemoval: jsonb().$type<LogRemoval>(),
    /** Of a removed log the last lines of the step that failed, as JSON; text, because jsonb holds no NUL. */
    lastLines: text(),
  },
  (table) => [
    primaryKey({ columns: [table.buildId, table.attempt] }),
    // Builds have ids in the order of time: what is left of it is read oldest first.
    index('build_attempts_log')
      .on(table.buildId)
      .where(sql`${table.logBytes} > 0`),
    index('build_attempts_lease').on(table.outcome, table.leaseUntil),
    uniqueIndex('build_attempts_claim').on(table.workerId, table.claimKey),
  ],
);

const attemptKey = (table: { buildId: never; attempt: never }, name: string) =>
  foreignKey({
    name,
    columns: [table.buildId, table.attempt],
    foreignColumns: [buildAttempts.buildId, buildAttempts.attempt],
  }).onDelete('cascade');

export const buildSteps = pgTable(
  'build_steps',
  {
    buildId: uuid().notNull(),
    attempt: integer().notNull(),
    key: text().notNull(),
    position: integer().notNull(),
    parents: text().array().notNull(),
    stage: text().notNull(),
    name: text().notNull(),
    state: text({ enum: STEP_STATES }).notNull(),
    cached: boolean().notNull(),
    startedAt: instant(),
    completedAt: instant(),
    error: text(),
    exitCode: integer(),
    lineCount: integer().notNull().default(0),
    logBytes: bigint({ mode: 'number' }).notNull().default(0),
    /** Event numbers of its first and last line, to bound a read of one step. */
    firstLineSeq: bigint({ mode: 'number' }),
    lastLineSeq: bigint({ mode: 'number' }),
    /** Why output is missing, `null` when it is whole. */
    clipped: text(),
    /** Number of the event that last changed it. */
    seq: bigint({ mode: 'number' }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.buildId, table.attempt, table.key] }),
    attemptKey(table as never, 'build_steps_attempt'),
  ],
);

/** The packages that ended up inside the image of an attempt. */
export const buildPackages = pgTable(
  'build_packages',
  {
    buildId: uuid().notNull(),
    attempt: integer().notNull(),
    found: jsonb().$type<ImagePackages>().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.buildId, table.attempt] }),
    attemptKey(table as never, 'build_packages_attempt'),
  ],
);

/** Accepted events as they came: one JSON text a line, gzip. Merged to about 64 KiB when the attempt ends. */
export const buildLogChunks = pgTable(
  'build_log_chunks',
  {
    buildId: uuid().notNull(),
    attempt: integer().notNull(),
    firstSeq: bigint({ mode: 'number' }).notNull(),
    lastSeq: bigint({ mode: 'number' }).notNull(),
    /** Number of the first `line` event in it, from 1, counted over the attempt; the count may be 0. */
    firstLine: bigint({ mode: 'number' }).notNull(),
    lines: integer().notNull(),
    bytes: bytea().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.buildId, table.attempt, table.firstSeq] }),
    index('build_log_chunks_line').on(
      table.buildId,
      table.attempt,
      table.firstLine,
    ),
    attemptKey(table as never, 'build_log_chunks_attempt'),
  ],
);

/** What a build published, for each of its platforms. */
export const buildOutputs = pgTable(
  'build_outputs',
  {
    buildId: uuid()
      .notNull()
      .references(() => builds.id, { onDelete: 'cascade' }),
    platform: text().notNull(),
    repositoryId: uuid()
      .notNull()
      .references(() => repositories.id, { onDelete: 'restrict' }),
    digest: text().notNull(),
    detail: jsonb().$type<OutputDetail>().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.buildId, table.platform] }),
    index('build_outputs_digest').on(table.repositoryId, table.digest),
  ],
);
