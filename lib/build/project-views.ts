import type { TaskItemView } from '@/lib/build/task-views';
import type { DefaultImageChoice } from '@/lib/imagespec/default-image';
import type { AccessView, ImageItemView } from '@/lib/registry/views';

/** The image of tasks that name none, with all that is known of it. ISO 8601 instants throughout. */
export type DefaultImageView = DefaultImageChoice & {
  /** `null` while nobody has asked for it. */
  repositoryId: string | null;
  /** `null` when the reference is pinned. */
  tag: string | null;
  /** What the reference points to now, as far as we know. */
  digest: string | null;
  /** When the tag was last looked at; `null` when it is none or nobody looked yet. */
  lookedAt: string | null;
  /** What is behind the digest, once somebody has read it: the image has a page then. */
  image: ImageItemView | null;
  /** The newest answer to whether anyone can pull it. */
  access: Pick<AccessView, 'verdict' | 'checkedAt'> | null;
};

export type ProjectNameView = {
  id: string;
  name: string;
  /** Its own default image; `null` leaves the team's. */
  image: string | null;
};

export type ProjectItemView = {
  id: string;
  name: string;
  /** Exact below 1,000. */
  taskCount: number;
  image: DefaultImageView;
  createdAt: string;
  createdBy: string | null;
};

export type ProjectListView = {
  items: ProjectItemView[];
  /** The name the next page begins after. */
  next: string | null;
};

export type ProjectView = ProjectItemView & {
  /** Its own default image; `null` leaves the team's. */
  ownImage: string | null;
  /** What it gets when it sets none. */
  otherwise: DefaultImageChoice;
  /** The flytekit that the team sets for specs without one; `null` leaves Imageyard's. */
  flytekitVersion: string | null;
  /** How many of its tasks name no image, exact below 1,000. */
  defaultCount: number;
  /** The first 50 of them, by name. */
  defaultTasks: TaskItemView[];
};
