import {
  barWords,
  formatShare,
  outcomeWords,
  ranMs,
} from '@/components/builds/bar-words';
import { type Bar, BarChart } from '@/components/builds/bar-chart';
import { formatBytes, formatDuration } from '@/components/ui/format';
import { groupOf } from '@/lib/build/list-filter';
import { barHeights, cachedShare, median, sumOfCache } from '@/lib/build/trend';
import type { BuildItemView } from '@/lib/build/views';

/** Builds, the newest first, as lists have them. */
type Props = { builds: readonly BuildItemView[] };

/** How builds ended, and how long each ran. */
export function OutcomeChart({ builds }: Props) {
  const usual = median(builds.map(ranMs));
  return (
    <BarChart
      label={`Last ${builds.length === 1 ? 'build' : `${builds.length} builds`}`}
      value={[
        outcomeWords(builds),
        ...(usual === null ? [] : [`usually ${formatDuration(usual)}`]),
      ].join(' · ')}
      bars={toBars(builds, ranMs, { toneOf: ({ state }) => groupOf(state) })}
    />
  );
}

/** What share of its steps each build had from the cache. */
export function CacheChart({ builds }: Props) {
  const share = cachedShare(sumOfCache(builds.map(({ cache }) => cache)));
  return (
    <BarChart
      label="From the cache"
      value={share === null ? '–' : `${formatShare(share)} of all steps`}
      bars={toBars(builds, ({ cache }) => cachedShare(cache), { full: 1 })}
    />
  );
}

/** How large the images were. */
export function SizeChart({ builds }: Props) {
  const newest = builds.find(({ sizeBytes }) => sizeBytes !== null)?.sizeBytes;
  return (
    <BarChart
      label="Image size"
      value={newest == null ? '–' : `${formatBytes(newest)} now`}
      bars={toBars(builds, ({ sizeBytes }) => sizeBytes)}
    />
  );
}

function toBars(
  builds: readonly BuildItemView[],
  valueOf: (build: BuildItemView) => number | null,
  {
    toneOf = () => 'plain',
    full,
  }: { toneOf?: (build: BuildItemView) => Bar['tone']; full?: number } = {},
): Bar[] {
  const inTime = builds.toReversed();
  const heights = barHeights(inTime.map(valueOf), full);
  return inTime.map((build, index) => ({
    buildId: build.id,
    height: heights[index] ?? null,
    tone: toneOf(build),
    words: barWords(build),
  }));
}
