import type { OwnLimits } from '@/lib/build/limits';
import type { BuildState } from '@/lib/build/state';
import type { BuildBaseView } from '@/lib/build/views';
import type { RevisionView } from '@/lib/imagespec/views';

/** ISO 8601 instants throughout. */
export type SpecItemView = {
  id: string;
  name: string;
  registry: { id: string; name: string; isArchived: boolean } | null;
  /** `registry/name`, without the tag. */
  imageName: string;
  tag: string;
  revision: number;
  savedAt: string;
  savedBy: string | null;
  archivedAt: string | null;
  lastBuild: {
    id: string;
    number: number;
    state: BuildState;
    revision: number;
    at: string;
  } | null;
};

export type SpecView = {
  id: string;
  name: string;
  archivedAt: string | null;
  createdAt: string;
  registry: {
    id: string;
    name: string;
    host: string;
    namespace: string;
    isArchived: boolean;
  } | null;
  revision: RevisionView;
  /** The newest build whose digest was read back. */
  published: {
    build: { id: string; number: number };
    revision: number;
    repositoryId: string;
    digest: string;
    at: string;
    /** What it stood on, and what the tags point to now. */
    bases: BuildBaseView[];
  } | null;
  /** What a worker needs to build it. */
  workerLabels: string[];
  /** Its own time limits; `null` takes the team's. */
  limits: OwnLimits;
  buildCount: number;
  taskCount: number;
};
