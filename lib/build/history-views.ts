import type { ComparedLayer } from '@/lib/build/compare';
import type { PlatformPairs } from '@/lib/build/compare-platforms';
import type { PackageGroup } from '@/lib/build/packages';
import type { BuildItemView, BuildView } from '@/lib/build/views';
import type { RevisionView } from '@/lib/imagespec/views';

/** A page of builds. */
export type BuildListView = {
  items: BuildItemView[];
  /** Exact up to 1,000; 1,001 stands for more. */
  count: number;
  /** The last build of this page, `null` when no page follows. */
  next: string | null;
};

/** What lists of builds can be narrowed down to, by name. */
export type BuildChoicesView = Record<
  'specs' | 'people' | 'workers' | 'registries',
  { id: string; name: string }[]
>;

/** One of two builds that are compared, as a whole. */
export type ComparedBuildView = {
  build: BuildView;
  revision: RevisionView;
  /** It was asked to use no cache. */
  isWithoutCache: boolean;
};

/** What one of two builds did and made for a platform. */
export type ComparedRunView = {
  platform: string;
  /** Its part for the platform; itself, when it is for no other. */
  build: BuildView;
  /** Of what it published, bottom first; `null` when that is not known. */
  layers: ComparedLayer[] | null;
  /** `null` when nobody looked inside. */
  packages: PackageGroup[] | null;
};

type Two<T> = Record<'before' | 'after', T>;

/** Two builds, the facts of each. */
export type BuildComparisonView = Two<ComparedBuildView> & {
  platforms: PlatformPairs;
  /** On the platform that is compared; `null` where the two share none. */
  runs: Two<ComparedRunView> | null;
};
