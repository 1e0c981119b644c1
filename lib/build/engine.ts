import type { CheckupOrder, Finding } from '@/lib/build/doctor';
import type {
  EngineReport,
  Failure,
  Job,
  JobCredential,
} from '@/lib/build/protocol';
import type { StepState } from '@/lib/build/state';
import type { ProjectFile } from '@/lib/imagespec/tree';

/** One step as the engine knows it now; sent again whenever it changes. `key` is stable within one attempt. */
export type EngineStep = {
  key: string;
  parents: string[];
  /** The build stage of a multi-stage Dockerfile, `''` when it has no name. */
  stage: string;
  name: string;
  state: StepState;
  cached: boolean;
  /** Unix milliseconds by the engine's clock. */
  startedAt: number | null;
  completedAt: number | null;
  error: string | null;
  exitCode: number | null;
};

export type EngineEvent =
  | { kind: 'step'; step: EngineStep }
  /** Raw output: not yet split into lines, not yet redacted. `at` is Unix milliseconds. */
  | {
      kind: 'output';
      step: string;
      stream: 'stdout' | 'stderr';
      bytes: Uint8Array;
      at: number;
    }
  /** The engine dropped output of this step from here on. */
  | { kind: 'clipped'; step: string; reason: string }
  | {
      kind: 'progress';
      step: string;
      what: string;
      current: number;
      total: number;
    };

export type BuildOutcome =
  | { ok: true; imageId: string; platform: string }
  | { ok: false; failure: Failure };

/** `digest` is what the engine says it pushed; it counts only after it was read back from the registry. */
export type PushOutcome =
  | { ok: true; digest: string; sizeBytes: number | null }
  | { ok: false; failure: Failure };

/** Which attempt an image in the engine belongs to, and the reference it is pushed to. */
export type BuiltImage = Pick<Job, 'buildId' | 'attempt'> & {
  target: Pick<Job['target'], 'host' | 'repository' | 'tag'>;
};

/** What an engine needs beside the job: the exact Dockerfile and the context that goes with it, path → file. */
export type BuildInput = {
  job: Job;
  dockerfile: string;
  context: ReadonlyMap<string, ProjectFile>;
  /** What `RUN --mount=type=secret,id=…` may read, by id; in no layer, no config and no cache key. */
  secrets?: ReadonlyMap<string, Uint8Array>;
  /** The login for a registry's host, good now; without it those of the job. */
  logins?: (host: string) => Promise<JobCredential | undefined>;
};

/** What of a folder is read. Each is asked by its path under the folder, `''` for a file that was itself asked for. */
export type Wanted = {
  /** So many bytes of its head; 0 leaves it out. */
  file: (path: string) => number;
  /** Whether a folder in it holds anything wanted. */
  folder: (path: string) => boolean;
};

/** A look into an image that starts nothing of it. */
export type OpenImage = {
  /** The environment in its config. */
  env: ReadonlyMap<string, string>;
  /**
   * What is at a path, `null` for nothing. `changedAt` is when a folder last got or lost an entry, as exactly as the
   * storage keeps it, so that no two have the same by chance; `null` where that is whole seconds, and of a link.
   */
  stat(path: string): Promise<{ changedAt: string | null } | null>;
  /** The files under a folder, or the file itself, as they come. Nothing when there is no such path. */
  read(
    path: string,
    wanted: Wanted,
  ): AsyncIterable<{ file: string; head: Buffer }>;
  close(): Promise<void>;
};

/** What builds will need of an engine: the registries, and the platforms they are made for. */
export type ExamineRequest = Pick<CheckupOrder, 'registries' | 'platforms'>;

/**
 * A container engine. `build` and `push` emit steps, output and progress in order and reject only when the engine
 * itself broke or `signal` aborted; a failed command is an outcome.
 */
export type BuildEngine = {
  probe(): Promise<EngineReport>;
  build(
    input: BuildInput,
    emit: (event: EngineEvent) => void,
    signal: AbortSignal,
  ): Promise<BuildOutcome>;
  push(
    input: BuildInput,
    emit: (event: EngineEvent) => void,
    signal: AbortSignal,
  ): Promise<PushOutcome>;
  /** Looks into what `build` made of this input, until `discard`. What is being read ends when `signal` aborts. */
  open(input: BuildInput, signal: AbortSignal): Promise<OpenImage>;
  /**
   * Removes what `build` and `push` of one attempt left in the engine, except cached layers. Also for an attempt of a
   * former process; nothing left is no error.
   */
  discard(image: BuiltImage): Promise<void>;
  /** Tries what makes builds fail without being their fault. Rejects only when the engine breaks or `signal` aborts. */
  examine(request: ExamineRequest, signal: AbortSignal): Promise<Finding[]>;
};
