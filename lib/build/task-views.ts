import type { DefaultImageSource } from '@/lib/imagespec/default-image';
import type { SavedRevision } from '@/lib/imagespec/views';

/**
 * How a task's image is held: `pinned` to a digest, `floating` on a tag, `default` for Flyte's own choice, `local` for a
 * name without a registry, `unresolved` where only running the code would tell.
 */
export type ImageBinding =
  'pinned' | 'floating' | 'default' | 'local' | 'unresolved';

/** ISO 8601 instants throughout. */
export type TaskImageView = {
  container: string;
  binding: ImageBinding;
  /** Who says so, when the source names no image. */
  defaultFrom: DefaultImageSource | null;
  /** As written, or the source text when it could not be resolved. */
  reference: string;
  repository: { id: string; name: string } | null;
  tag: string | null;
  /** What the reference points to now, as far as we know. */
  digest: string | null;
  /** Another digest than when the task was imported. */
  movedFrom: string | null;
  /** When the tag was last looked at; `null` when it is none or nobody looked yet. */
  checkedAt: string | null;
  /** The registry no longer has the digest. */
  isGone: boolean;
  spec: {
    id: string;
    name: string;
    revision: number;
    currentRevision: number;
  } | null;
  /** The first build that made the digest. */
  build: { id: string; number: number } | null;
};

export type TaskVersionView = {
  id: string;
  /** The first twelve hex digits of its source's SHA-256. */
  version: string;
  fileName: string;
  line: number;
  importedAt: string;
  importedBy: string | null;
  images: TaskImageView[];
};

/** A task in its current version. */
export type TaskItemView = {
  id: string;
  name: string;
  project: { id: string; name: string };
  version: TaskVersionView;
};

export type TagMoveView = {
  id: string;
  repository: { id: string; name: string };
  tag: string;
  from: string | null;
  to: string | null;
  seenAt: string;
  /** The first build that made what it moved to. */
  build: { id: string; number: number } | null;
};

export type TaskView = TaskItemView & {
  /** Newest first, the current one too; at most 50. */
  versions: TaskVersionView[];
  /** What happened to the tags its images float on, newest first; at most 50. */
  moves: TagMoveView[];
};

/** What an import saved. */
export type ImportView = {
  version: string;
  project: { id: string; name: string; isNew: boolean };
  specs: SavedRevision[];
  tasks: { added: number; changed: number; unchanged: number };
};
