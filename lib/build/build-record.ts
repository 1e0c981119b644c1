import { z } from 'zod';
import { BuildBase } from '@/lib/build/bases';
import { LogRemoval } from '@/lib/build/log-retention';
import { ImagePackages } from '@/lib/build/packages';
import { ENGINE_KINDS, MAX_LINE_BYTES } from '@/lib/build/protocol';
import {
  ATTEMPT_OUTCOMES,
  BUILD_CAUSES,
  BUILD_STATES,
  isMoving,
  STEP_STATES,
  VERIFIERS,
} from '@/lib/build/state';
import { ImageSpec } from '@/lib/imagespec/schema';
import { Digest } from '@/lib/registry/schema';

/** A build as a file that can be handed to others. `docs/build-record.md` describes it for those who read one. */
export const RECORD_FORMAT = 'imageyard-build-record';
export const RECORD_VERSION = 1;

/** Limits of a record. What is past the last two is not exported; what is past any of them is not imported. */
export const MAX_RECORD_BYTES = 64 * 1024 * 1024;
export const MAX_RECORD_LINES = 2_000_000;
export const MAX_UNPACKED_BYTES = 512 * 1024 * 1024;
export const MAX_MANIFEST_BYTES = 16 * 1024 * 1024;
/** A part of a log in it, its last line included. */
export const MAX_PART_BYTES = 4 * 1024 * 1024;

const Instant = z.iso
  .datetime()
  .refine((text) => Date.parse(text) >= 0, 'Before there were computers.');
const Count = z.number().int().nonnegative();
/** One line, as names are. */
const Name = z
  .string()
  .max(1024)
  .regex(/^[^\p{Cc}]*$/u);
const Text = z.string().max(1024 * 1024);

/** One line of a log; `gap` says why output of its step is missing before it. */
export const RecordLine = z.strictObject({
  n: z.number().int().positive(),
  at: Count,
  step: Name.min(1),
  stream: z.enum(['stdout', 'stderr']),
  text: z.string().max(MAX_LINE_BYTES),
  cut: z.literal(true).optional(),
  gap: z.string().max(500).optional(),
});
export type RecordLine = z.infer<typeof RecordLine>;

const RecordStep = z.strictObject({
  key: Name.min(1),
  position: Count,
  parents: z.array(Name).max(100),
  stage: z.string().max(200),
  name: z.string().max(8192),
  state: z.enum(STEP_STATES),
  cached: z.boolean(),
  startedAt: Instant.nullable(),
  completedAt: Instant.nullable(),
  error: z.string().max(8192).nullable(),
  exitCode: z.number().int().nullable(),
  /** What it printed, removed or not. */
  lines: Count,
  clipped: z.string().max(500).nullable(),
});

const MadeWith = z.strictObject({
  version: z.literal(1),
  worker: Name,
  engine: z.strictObject({
    kind: z.enum(ENGINE_KINDS),
    version: Name,
    apiVersion: Name,
  }),
});

const RecordAttempt = z.strictObject({
  attempt: z.number().int().min(1).max(1000),
  worker: Name.nullable(),
  madeWith: MadeWith.nullable(),
  claimedAt: Instant,
  finishedAt: Instant.nullable(),
  outcome: z.enum(ATTEMPT_OUTCOMES).nullable(),
  failureCode: Name.nullable(),
  pushBegan: z.boolean(),
  readBack: z.boolean(),
  dockerfile: Text.nullable(),
  steps: z.array(RecordStep).max(2000),
  lines: z.number().int().min(0).max(MAX_RECORD_LINES),
  log: z.enum(['live', 'complete', 'clipped', 'incomplete', 'removed']),
  removal: LogRemoval.nullable(),
  /** What stayed of a removed log. */
  lastLines: z.array(RecordLine).max(100),
});
export type RecordAttempt = z.infer<typeof RecordAttempt>;

const Failure = z.strictObject({
  code: Name,
  message: z.string().max(2000),
  step: Name.nullable(),
  exitCode: z.number().int().nullable(),
});

/** The build for one platform of a build for several: a record of its own holds its steps and log. */
const RecordPart = z.strictObject({
  platform: Name,
  state: z.enum(BUILD_STATES),
  digest: Digest.nullable(),
  worker: Name.nullable(),
  createdAt: Instant,
  startedAt: Instant.nullable(),
  finishedAt: Instant.nullable(),
  failure: Failure.nullable(),
});
export type RecordPart = z.infer<typeof RecordPart>;

const RecordedBuild = z.strictObject({
  number: z.number().int().min(1).max(2_147_483_647),
  state: z.enum(BUILD_STATES).refine((state) => !isMoving(state)),
  cause: z.enum(BUILD_CAUSES),
  platform: Name,
  repository: Name,
  tag: Name,
  digest: Digest.nullable(),
  verifiedBy: z.enum(VERIFIERS).nullable(),
  isReused: z.boolean(),
  isWithoutCache: z.boolean(),
  labels: z.array(Name).max(100),
  limits: z.strictObject({ totalMinutes: Count, idleMinutes: Count }),
  startedBy: Name.nullable(),
  askedBy: z.array(Name).max(1000),
  cancelledBy: Name.nullable(),
  createdAt: Instant,
  startedAt: Instant.nullable(),
  finishedAt: Instant.nullable(),
  /** The one that counts; 0 when no worker took it. */
  attempt: Count,
  failure: Failure.nullable(),
  /** The build of the base, when that is a spec. */
  base: z.strictObject({ specName: Name, number: Count }).nullable(),
});

const RecordedDefinition = z.strictObject({
  spec: Name,
  revision: z.number().int().positive(),
  message: Text,
  author: Name.nullable(),
  createdAt: Instant,
  fields: ImageSpec,
  requirements: Text.nullable(),
  pyproject: Text.nullable(),
  /** Names, never contents. */
  secretNames: z.record(Name, Name),
  /** The spec that is the base. */
  base: z.strictObject({ name: Name, revision: Count }).nullable(),
  archiveFiles: z
    .array(
      z.strictObject({ path: Name, size: Count, isExecutable: z.boolean() }),
    )
    .max(50_000),
  imageName: Name,
  tag: Name,
  definitionHash: Name,
  flyteId: Name,
  flytekitVersion: Name,
});

/** All of a build but its log: `record.json`. */
export const BuildRecord = z.strictObject({
  format: z.literal(RECORD_FORMAT),
  version: z.literal(RECORD_VERSION),
  exported: z.strictObject({ from: Name, team: Name, by: Name, at: Instant }),
  build: RecordedBuild,
  definition: RecordedDefinition,
  outputs: z.strictObject({
    bases: z.array(BuildBase).max(50),
    /** Bottom first; `null` when that was not known. */
    layers: z
      .array(
        z.strictObject({
          digest: Digest,
          sizeBytes: Count,
          madeBy: z.string().max(65_536).nullable(),
        }),
      )
      .max(1000)
      .nullable(),
    sizeBytes: Count.nullable(),
    /** What is inside; `null` when nobody looked. */
    packages: ImagePackages.omit({ version: true }).strict().nullable(),
  }),
  attempts: z.array(RecordAttempt).max(100),
  /** Of a build for several platforms. */
  parts: z.array(RecordPart).max(20).optional(),
});
export type BuildRecord = z.infer<typeof BuildRecord>;

/** What any version of the format begins with: whose it is and which. */
export const RecordHead = z.object({
  format: z.literal(RECORD_FORMAT),
  version: z.number(),
});

/** The name of a record's file. With its platforms, since those of a build for several share its number. */
export function recordFileName({
  number,
  platform,
}: {
  number: number;
  platform: string;
}): string {
  return `imageyard-build-${number}-${platform.replaceAll(/[^\w.]+/g, '-')}.tar.gz`;
}

/** Names in a record's file: `record.json` first, then the logs in order, in parts from 1. */
export const MANIFEST_NAME = 'record.json';
export function partName(attempt: number, part: number): string {
  return `log/${attempt}/${String(part).padStart(6, '0')}.jsonl`;
}
