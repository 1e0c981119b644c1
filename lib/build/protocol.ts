import { z } from 'zod';
import { CheckupOrder } from '@/lib/build/doctor';
import { ImagePackages } from '@/lib/build/packages';
import { STEP_STATES } from '@/lib/build/state';
import { ImageSpec } from '@/lib/imagespec/schema';
import { CLIENT_METHODS } from '@/lib/registry/credential';

/**
 * The version of the conversation between server and worker, sent as `x-imageyard-protocol` in every request.
 * A mismatch is answered with WORKER_PROTOCOL.
 */
export const PROTOCOL = 4;
export const PROTOCOL_HEADER = 'x-imageyard-protocol';

/** Milliseconds. A claim and a heartbeat are long polls of at most this long. */
export const LONG_POLL_MS = 25_000;
/** A lease ends this long after the last authenticated call of its attempt, by the database's clock. */
export const LEASE_MS = 60_000;
/** Events are sent when this many bytes wait, or this many milliseconds passed. */
export const BATCH_BYTES = 256 * 1024;
export const BATCH_MS = 250;
/** A longer line is cut here and marked. */
export const MAX_LINE_BYTES = 64 * 1024;

const Digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);
const UnixMs = z.number().int().nonnegative();

export const ENGINE_KINDS = [
  /** BuildKit in a Docker engine. */
  'docker',
  /** The builder that Docker had before BuildKit. */
  'docker-classic',
  'podman',
  /** A BuildKit daemon without an engine around it. */
  'buildkit',
  'test',
] as const;

/** What a worker knows of its engine. `test` engines never publish. */
export const EngineReport = z.discriminatedUnion('state', [
  z.object({
    state: z.literal('ready'),
    kind: z.enum(ENGINE_KINDS),
    version: z.string().max(100),
    apiVersion: z.string().max(20),
    /** Its own first. */
    platforms: z.array(z.string().max(50)).max(20),
    /** Those of `platforms` that it runs by emulation; the server's to say. */
    emulated: z.array(z.string().max(50)).max(20).optional(),
    /** Whether the worker adds CA certificates to build steps. */
    addsCaCertificates: z.boolean(),
  }),
  z.object({ state: z.literal('unreachable'), reason: z.string().max(500) }),
]);
export type EngineReport = z.infer<typeof EngineReport>;

/** `POST /api/worker/claim`, kept open by every worker all the time: the server knows when it has a free slot. */
export const ClaimRequest = z.object({
  /** Made by the worker, and the same until a job is answered: an answer that was lost is given again. */
  key: z.uuid(),
  version: z.string().max(50),
  engine: EngineReport,
});
export type ClaimRequest = z.infer<typeof ClaimRequest>;

export const JobCredential = z.object({
  /** Registry host with port, as it stands in a reference (`docker.io` for Docker Hub). */
  host: z.string(),
  /** How the registry takes `password`; a login without it. */
  method: z.enum(CLIENT_METHODS).optional(),
  username: z.string(),
  password: z.string(),
  /** How long it is good for from now on; absent when nobody knows of an end. */
  leftMs: z.number().int().optional(),
});
export type JobCredential = z.infer<typeof JobCredential>;

/** All a worker gets for one attempt, credentials included; they live only as long as the attempt. */
export const Job = z.object({
  buildId: z.uuid(),
  attempt: z.number().int().positive(),
  buildNumber: z.number().int().positive(),
  spec: ImageSpec,
  /** Files the spec names (`requirements.txt`), path → text. */
  files: z.record(z.string(), z.string()),
  /** SHA-256 of the packed project folder, to be fetched from `…/archive`, when the image copies from it. */
  archive: z.string().nullable(),
  /** What `pip_secret_mounts` mounts, in its order. They live only as long as the attempt. */
  secrets: z.array(z.string()),
  /** `registry/repository@digest` of a base image that is a spec. */
  baseImage: z.string().nullable(),
  /** flytekit's id of the spec, baked in as `_F_IMG_ID`. */
  specId: z.string(),
  /** `registry/repository:tag`. */
  imageName: z.string(),
  target: z.object({
    host: z.string(),
    repository: z.string(),
    tag: z.string(),
    plainHttp: z.boolean(),
    /** PEM certificates trusted for it beside the usual ones. */
    caCertificates: z.string().optional(),
  }),
  platform: z.string(),
  flytekitVersion: z.string(),
  /** Team-wide helper images; they replace the spec's and the defaults without touching the tag. */
  helperImages: z.object({
    uv: z.string().nullable(),
    micromamba: z.string().nullable(),
  }),
  noCache: z.boolean(),
  credentials: z.array(JobCredential),
  limits: z.object({
    totalMs: z.number().int().positive(),
    idleMs: z.number().int().positive(),
    /** Log bytes kept of the whole attempt; past it the head and the tail stay, with a visible mark between. */
    logBytes: z.number().int().positive(),
  }),
});
export type Job = z.infer<typeof Job>;

/**
 * `job` is `null` when there was nothing to do, or no free slot, for as long as a poll lasts. With `checkup` the worker
 * looks after itself and reports to `POST /api/worker/checkup`.
 */
export const ClaimAnswer = z.object({
  job: Job.nullable(),
  checkup: CheckupOrder.nullable(),
});
export type ClaimAnswer = z.infer<typeof ClaimAnswer>;

/**
 * `POST …/credentials`: a login made now, because a build may outlive the one that came with the job: 12 hours at Amazon,
 * one hour at Google. For a host of the job while it is built; with `null` for the push, right before it.
 */
export const LoginRequest = z.object({
  host: z.string().nullable().default(null),
});
export type LoginRequest = z.infer<typeof LoginRequest>;

export const LoginAnswer = z.object({
  credential: JobCredential.nullable(),
  /** What was done, or could not be, so that a push finds its repository; `null` when there was nothing to do. */
  repository: z
    .object({ isReady: z.boolean(), note: z.string().max(1000) })
    .nullable(),
});
export type LoginAnswer = z.infer<typeof LoginAnswer>;

/** What a worker reports, one numbered sequence per attempt, starting at 1. Times are the worker's clock. */
export const WorkerEvent = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('dockerfile'),
    at: UnixMs,
    text: z.string().max(1024 * 1024),
  }),
  z.object({
    kind: z.literal('state'),
    at: UnixMs,
    state: z.enum(['building', 'pushing']),
  }),
  z.object({
    kind: z.literal('step'),
    at: UnixMs,
    key: z.string().min(1).max(200),
    /** Order of first appearance in this attempt, from 0. */
    position: z.number().int().nonnegative(),
    parents: z.array(z.string().max(200)).max(100),
    stage: z.string().max(200),
    name: z.string().max(8192),
    state: z.enum(STEP_STATES),
    cached: z.boolean(),
    startedAt: UnixMs.nullable(),
    completedAt: UnixMs.nullable(),
    error: z.string().max(8192).nullable(),
    exitCode: z.number().int().nullable(),
  }),
  z.object({
    kind: z.literal('line'),
    at: UnixMs,
    step: z.string().min(1).max(200),
    stream: z.enum(['stdout', 'stderr']),
    text: z.string().max(MAX_LINE_BYTES),
    /** The line was longer than `MAX_LINE_BYTES` and is cut. */
    cut: z.literal(true).optional(),
  }),
  /** Output of a step is missing from here on: clipped by the engine, or past the attempt's log limit. */
  z.object({
    kind: z.literal('clipped'),
    at: UnixMs,
    step: z.string().min(1).max(200),
    by: z.enum(['engine', 'limit']),
    reason: z.string().max(500),
  }),
  z.object({
    kind: z.literal('progress'),
    at: UnixMs,
    step: z.string().min(1).max(200),
    what: z.string().max(500),
    current: z.number().nonnegative(),
    total: z.number().nonnegative(),
  }),
  /** What ended up inside the image; after the push, before the end. */
  z.object({
    kind: z.literal('packages'),
    at: UnixMs,
    found: ImagePackages,
  }),
]);
export type WorkerEvent = z.infer<typeof WorkerEvent>;

/**
 * `POST …/events?from=<seq>`: the body is one JSON event a line (`application/x-ndjson`); the first has number `from`.
 * Answered 200 with the next number wanted, which may lie behind the batch (it was known in part) — or 409 with it
 * when `from` leaves a gap.
 */
export const EventsAnswer = z.object({ nextSeq: z.number().int().positive() });
export type EventsAnswer = z.infer<typeof EventsAnswer>;

/** `POST …/heartbeat`: a long poll, answered at once when `desired` is not `run`. `stop`: the attempt is stale. */
export const HeartbeatAnswer = z.object({
  desired: z.enum(['run', 'cancel', 'stop']),
});
export type HeartbeatAnswer = z.infer<typeof HeartbeatAnswer>;

export const FAILURE_CODES = [
  'BUILD_COMMAND_FAILED',
  'BUILD_SECRET_MISSING',
  'BUILD_BASE_FAILED',
  'BUILD_BASE_NOT_FOUND',
  'BUILD_BASE_DENIED',
  'BUILD_APT_NOT_FOUND',
  'BUILD_PACKAGE_NOT_FOUND',
  'BUILD_CERTIFICATE_UNTRUSTED',
  'BUILD_SERVER_DENIED',
  'BUILD_SERVER_UNREACHABLE',
  'BUILD_DOCKERFILE_INVALID',
  'BUILD_LOGIN_FAILED',
  'BUILD_PUSH_DENIED',
  'BUILD_PUSH_FAILED',
  'BUILD_PLATFORM_MISMATCH',
  'BUILD_ENGINE_UNFIT',
  'BUILD_DIGEST_MISMATCH',
  'BUILD_TIMED_OUT',
  'BUILD_TEST_ENGINE',
  'ENGINE_UNREACHABLE',
  'ENGINE_FAILED',
  'WORKER_LOST',
  'INTERNAL',
] as const;

export const Failure = z.object({
  code: z.enum(FAILURE_CODES),
  /** For the user, redacted; no raw upstream text beyond the engine's own words on a failed command. */
  message: z.string().max(2000),
  /** Key of the step to open. */
  step: z.string().max(200).nullable(),
  exitCode: z.number().int().nullable(),
});
export type Failure = z.infer<typeof Failure>;

/** `POST …/finish`. Refused with 409 and `nextSeq` until every event up to `lastSeq` is stored. */
export const Finish = z.object({
  /** 0 when nothing was reported. */
  lastSeq: z.number().int().nonnegative(),
  /** Lower-hex SHA-256 over every event's JSON text, each followed by a line feed. */
  checksum: z.string().regex(/^[0-9a-f]{64}$/),
  result: z.discriminatedUnion('outcome', [
    z.object({
      outcome: z.literal('pushed'),
      digest: Digest,
      platform: z.string(),
      /** The worker itself read the manifest back by digest, in a request of its own. */
      readBack: z.boolean(),
    }),
    z.object({ outcome: z.literal('failed'), failure: Failure }),
    z.object({
      outcome: z.literal('timed_out'),
      limit: z.enum(['total', 'idle']),
      step: z.string().nullable(),
    }),
    z.object({ outcome: z.literal('cancelled') }),
    // The worker was stopped or restarted: nothing of the attempt runs any more, and it cannot go on.
    z.object({ outcome: z.literal('abandoned') }),
  ]),
});
export type Finish = z.infer<typeof Finish>;
