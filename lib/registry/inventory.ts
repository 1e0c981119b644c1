/** How the reading of a repository goes. `waiting`: asked for, or told by the registry to come back later. */
export const SYNC_STATES = [
  'waiting',
  'running',
  'done',
  'failed',
  'cancelled',
] as const;
export type SyncState = (typeof SYNC_STATES)[number];

/** Listing the tags, looking behind each, looking for what no tag names any more. */
export const SYNC_PHASES = ['tags', 'digests', 'untagged'] as const;
export type SyncPhase = (typeof SYNC_PHASES)[number];

export const COPY_STATES = [
  'waiting',
  'running',
  'done',
  'failed',
  'cancelled',
] as const;
export type CopyState = (typeof COPY_STATES)[number];

/** Whether something is still to come. */
export function isUnderWay(state: CopyState): boolean {
  return state === 'waiting' || state === 'running';
}

type Part = { done: number; total: number };

/** How far a copy has come. */
export type CopyProgressView = {
  version: 1;
  phase: 'reading' | 'blobs' | 'manifests' | 'done';
  blobs: Part;
  bytes: Part;
  manifests: Part;
  /** What refers to the image and goes with it; absent of copies made before this was counted. */
  referrers?: number;
  /** Tags of cosign's that point to something else at the target, and were left as they are. */
  keptTags?: string[];
};
