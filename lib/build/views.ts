import type { CredentialAttentionView } from '@/lib/registry/views';
import type { AlertView } from '@/lib/registry/alerts';
import type {
  AttemptOutcome,
  BuildCause,
  BuildState,
  StepState,
  Verifier,
} from '@/lib/build/state';
import type { MadeWith } from '@/lib/build/made-with';
import type { ImagePackages } from '@/lib/build/packages';
import type { CacheCount } from '@/lib/build/trend';
import type { BuildLimits } from '@/lib/build/limits';
import type { LogRemoval } from '@/lib/build/log-retention';
import type { FailureSource } from '@/lib/build/failure-source';
import type { RevisionView } from '@/lib/imagespec/views';
import type { Finding } from '@/lib/build/doctor';
import type { EngineReport } from '@/lib/build/protocol';
import type { ErrorCode } from '@/lib/errors';

/** ISO 8601 instants throughout; no view holds a secret. */
export type BuildFailureView = {
  code: ErrorCode;
  message: string;
  hint: string;
  step: string | null;
  exitCode: number | null;
};

export type BuildItemView = {
  id: string;
  number: number;
  spec: { id: string; name: string };
  revision: { id: string; number: number };
  cause: BuildCause;
  state: BuildState;
  /** Host and path, without the tag. */
  repository: { id: string; name: string };
  tag: string;
  platform: string;
  /** Only once it was read back from the registry. */
  digest: string | null;
  startedBy: string | null;
  cancelledBy: string | null;
  worker: string | null;
  workerId: string | null;
  attempt: number;
  failure: BuildFailureView | null;
  createdAt: string;
  startedAt: string | null;
  finishedAt: string | null;
  /** Of the steps of its current attempt. */
  cache: CacheCount;
  /** Compressed bytes of what it published, once that was read. */
  sizeBytes: number | null;
};

export type StepView = {
  key: string;
  position: number;
  parents: string[];
  stage: string;
  name: string;
  state: StepState;
  cached: boolean;
  startedAt: string | null;
  completedAt: string | null;
  error: string | null;
  exitCode: number | null;
  /** Those that can be read. */
  lines: number;
  /** How many more it printed before the log was removed. */
  removedLines?: number;
  /** Why output is missing, `null` when it is whole. */
  clipped: string | null;
};

export type AttemptView = {
  attempt: number;
  worker: string | null;
  claimedAt: string;
  finishedAt: string | null;
  outcome: AttemptOutcome | null;
  lines: number;
  madeWith: MadeWith | null;
  /** `live` while it runs; `complete` only when every event arrived, intact, and nothing was clipped. */
  log: 'live' | 'complete' | 'clipped' | 'incomplete' | 'removed';
  /** When a log was removed, and why: then only the last lines of the step that failed can be read. */
  removal: LogRemoval | null;
};

/** A build, as another one links to it. */
export type BuildLink = { id: string; number: number };

export type AskerView = {
  userId: string;
  name: string;
  hasWithdrawn: boolean;
};

/** How a build was asked for, and what came of that beside itself. */
export type BuildAskView = {
  /** In the order in which they asked. */
  askers: AskerView[];
  startedById: string | null;
  /** Its image was in the registry already; `by` made it, `null` when nobody here knows what did. */
  reused: { by: BuildLink | null } | null;
  /** The build of a newer revision that made it pointless. */
  supersededBy: BuildLink | null;
  /** The build it was asked for again from, and the newest one asked for again from it. */
  earlier: BuildLink | null;
  later: BuildLink | null;
  limits: BuildLimits;
};

/** Why a queued build does not start. */
export type QueueView = { position: number; reason: string; canStart: boolean };

/** The build of one platform, as a part of one for several. */
export type BuildPartView = BuildItemView & { queue: QueueView | null };

export type BuildView = BuildItemView & {
  /** The build for several platforms that it makes one image for. */
  partOf: BuildLink | null;
  /** One for each platform of a build for several; empty of all others, and where the image was there already. */
  parts: BuildPartView[];
  /** What it published for each platform; empty until it did. */
  outputs: { platform: string; digest: string }[];
  attempts: AttemptView[];
  /** Steps of the current attempt, by position. */
  steps: StepView[];
  /** The exact Dockerfile the current attempt ran, once it began. */
  dockerfile: string | null;
  verifiedBy: Verifier | null;
  /** What of the spec a failure comes from, as far as it can be told. */
  failureSource: FailureSource | null;
  /** The build of the base image, when that is a spec. */
  base: {
    id: string;
    number: number;
    specName: string;
    state: BuildState;
  } | null;
  /** The images it stood on, as far as the engine said; empty while it moves. */
  bases: BuildBaseView[];
  /** The registries it asks: those its base and helper images are pulled from, and the one it is pushed to. */
  hosts: string[];
  /** The secrets its steps may read, by name. */
  secrets: string[];
  queue: QueueView | null;
  /** The build of the spec before it. */
  previous: { id: string; number: number } | null;
  /** Since when its logs stay whatever the team's retention, and who said so. */
  kept: { at: string; by: string | null } | null;
  ask: BuildAskView;
};

/** An image a build stood on, and what its tag points to now. */
export type BuildBaseView = {
  reference: string;
  digest: string;
  /** Null when nobody has looked, or nothing is behind the tag any more. */
  current: string | null;
  checkedAt: string | null;
  /** A rebuild would stand on another image. */
  hasMoved: boolean;
};

/** The packages inside an image, and the build that read them. */
export type PackagesView = Pick<ImagePackages, 'groups' | 'missing'> & {
  build: BuildLink;
};

/** What a build was asked for, and what the build of the spec before it was. */
export type BuildDefinitionView = {
  revision: RevisionView;
  previous: {
    build: { id: string; number: number };
    revision: RevisionView;
  } | null;
};

/** What an attempt did, for the attempts a `BuildView` does not show. */
export type AttemptDetailView = Pick<BuildView, 'steps' | 'dockerfile'> & {
  attempt: number;
};

export type LineView = {
  /** From 1, over the attempt. */
  n: number;
  /** Unix milliseconds by the worker's clock. */
  at: number;
  step: string;
  stream: 'stdout' | 'stderr';
  text: string;
  cut?: true;
  /** Why output of its step is missing before it. */
  gap?: string;
};

export type LinesView = { attempt: number; lines: LineView[]; total: number };

/** Where a line stands: its number over the attempt, its step, and its place among the step's lines, from 1. */
export type LinePlace = { n: number; step: string; place: number };

/** Lines that hold what was searched: how many there are, and the places of those asked for. */
export type LineSearchView = {
  attempt: number;
  total: number;
  hits: LinePlace[];
};

/** What a build's event stream sends, by SSE event name. */
export type BuildStreamEvent =
  | { event: 'state'; data: BuildView }
  | { event: 'attempt'; data: { attempt: number } }
  | { event: 'step'; data: StepView }
  | { event: 'lines'; data: LineView[] }
  | {
      event: 'progress';
      data: { step: string; what: string; current: number; total: number };
    }
  | { event: 'end'; data: { state: BuildState } };

export type WorkerView = {
  id: string;
  name: string;
  /** The one that `npm start` runs. */
  isLocal: boolean;
  labels: string[];
  /** Takes only builds that ask for one of its labels. */
  isReserved: boolean;
  /** How many builds it runs at the same time. */
  slots: number;
  paused: { at: string; by: string | null } | null;
  version: string | null;
  /** The protocol it spoke when it was turned away for it; `null` while it is let in. */
  refusedProtocol: string | null;
  engine: EngineReport | null;
  /** What its last look after itself found; `null` before the first. */
  findings: Finding[] | null;
  checkedAt: string | null;
  /** It was asked to look, and has not reported yet. */
  isLooking: boolean;
  isOnline: boolean;
  lastSeenAt: string | null;
  /** What it has in hand, oldest first. */
  builds: { id: string; number: number; specName: string }[];
  createdAt: string;
};

/** A code that a worker may still connect with. */
export type EnrolmentView = { id: string; name: string; expiresAt: string };

/** The team's workers, and the one sentence that says why nothing can build, or `null` when something can. */
export type WorkersView = {
  workers: WorkerView[];
  enrolments: EnrolmentView[];
  blocked: string | null;
};

/** A build that moves, with the step it is at. */
export type RunningBuildView = {
  build: BuildItemView;
  steps: { done: number; total: number; current: string | null };
  queue: QueueView | null;
};

/** What the first page shows: how far a new team has come, what needs a person, what runs and what ran last. */
export type OverviewView = {
  counts: { registries: number; specs: number; tasks: number };
  hasPublished: boolean;
  /** Why nothing can build, `null` when something can. */
  blocked: string | null;
  /** The last build of each spec whose last build failed. */
  failing: BuildItemView[];
  /** Credentials that fail their tests or end soon. */
  credentials: CredentialAttentionView[];
  /** The one that has been here longest first. */
  running: RunningBuildView[];
  recent: BuildItemView[];
  /** What stands and needs a person, newest first, at most ten. */
  alerts: AlertView[];
};
