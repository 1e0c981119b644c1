import type { ErrorView } from '@/lib/errors';
import type { ImageCursor } from './image-filter';
import type { ImageItemView } from './views';
import type {
  CopyProgressView,
  CopyState,
  SyncPhase,
  SyncState,
} from './inventory';

export type ImageListView = {
  items: ImageItemView[];
  /** Exact up to 1,000; 1,001 stands for more. */
  count: number;
  next: ImageCursor | null;
};

export type SyncView = {
  state: SyncState;
  phase: SyncPhase;
  done: number;
  total: number;
  /** Digests that were new. */
  added: number;
  note: string | null;
  startedAt: string | null;
  finishedAt: string | null;
  /** When one last came to its end. */
  syncedAt: string | null;
  failure: ErrorView | null;
};

/** How the last look for a registry's repositories went. */
export type RegistryScanView = {
  registry: { id: string; name: string };
  /** It is due or under way. */
  isReading: boolean;
  /** When it last succeeded. */
  readAt: string | null;
  /** Of the last one; `null` when it succeeded, or there was none. */
  failure: ErrorView | null;
};

export type RepositoryItemView = {
  id: string;
  /** `host/path`. */
  name: string;
  registry: { id: string; name: string } | null;
  /** Exact below 1,000; 1,001 stands for more. */
  tagCount: number;
  imageCount: number;
  sync: SyncView | null;
};

export type RepositoryView = RepositoryItemView & {
  goneCount: number;
  /** What can and cannot be done to images here. */
  offers: RegistryOffers;
  copies: CopyView[];
};

/** What a registry is known to do; `null` where nobody has tried. */
export type RegistryOffers = {
  deletesTags: boolean | null;
  deletesDigests: boolean | null;
  /** What its kind cannot do, in words. */
  limits: readonly string[];
  /** Whether a credential for pushing is stored. */
  canPush: boolean;
};

export type TagItemView = {
  name: string;
  digest: string | null;
  kind: string | null;
  platforms: string[];
  sizeBytes: number | null;
  createdAt: string | null;
  /** Null of a tag that a task or a spec names and nobody has looked at. */
  checkedAt: string | null;
  goneAt: string | null;
};

/** One move of a tag as it was seen. */
export type TagHistoryView = {
  from: string | null;
  to: string | null;
  seenAt: string;
};

export type CopyView = {
  id: string;
  state: CopyState;
  from: { repositoryId: string; repository: string };
  to: { repositoryId: string; repository: string };
  digest: string;
  tag: string | null;
  withReferrers: boolean;
  progress: CopyProgressView | null;
  requestedBy: string | null;
  createdAt: string;
  startedAt: string | null;
  finishedAt: string | null;
  isCancelling: boolean;
  failure: ErrorView | null;
};

/** What points to an image, or to a tag, and would feel it if that went away or moved. */
export type ImpactView = {
  digest: string;
  repository: string;
  /** Tags on the digest now. */
  tags: string[];
  /** Indexes that need it. */
  indexes: { digest: string; tags: string[]; platform: string | null }[];
  /** Its parts: `isShared` ones are needed by another index or tag too. */
  parts: { digest: string; platform: string | null; isShared: boolean }[];
  /** What hangs on it. */
  referrers: number;
  tasks: { id: string; name: string; tag: string | null }[];
  /** Builds that are under way in its repository: they may push there any moment. */
  builds: { id: string; number: number; specName: string; tag: string }[];
  /** Past checks of whether it can be pulled, which stay. */
  accessChecks: number;
  offers: RegistryOffers;
  mayOverride: boolean;
};
