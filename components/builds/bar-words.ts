import { count } from '@/components/builds/labels';
import { formatBytes, formatDuration } from '@/components/ui/format';
import {
  groupOf,
  STATE_GROUPS,
  type StateGroup,
} from '@/lib/build/list-filter';
import { cachedShare, type CacheCount } from '@/lib/build/trend';
import type { BuildItemView } from '@/lib/build/views';

/** A share from 0 to 1 as people read it: `63 %`. */
export function formatShare(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** "45 % cached", or `null` of a build without steps. */
export function cacheWords(cache: CacheCount): string | null {
  const share = cachedShare(cache);
  return share === null ? null : `${formatShare(share)} cached`;
}

/** How long a build ran; `null` while it runs, and of one that never did. */
export function ranMs({
  startedAt,
  finishedAt,
}: Pick<BuildItemView, 'startedAt' | 'finishedAt'>): number | null {
  return startedAt === null || finishedAt === null
    ? null
    : Date.parse(finishedAt) - Date.parse(startedAt);
}

/** What a bar stands for, for who hovers over it or hears it. */
export function barWords(build: BuildItemView): string {
  const ran = ranMs(build);
  const { cached, total } = build.cache;
  return [
    `#${build.number} of ${build.spec.name}: ${build.state.replace('_', ' ')}`,
    ran === null ? null : `ran ${formatDuration(ran)}`,
    total === 0 ? null : `${cached} of ${count(total, 'step')} from the cache`,
    build.sizeBytes === null ? null : formatBytes(build.sizeBytes),
  ]
    .filter((part) => part !== null)
    .join(', ');
}

const GROUP_WORDS: Record<StateGroup, string> = {
  published: 'published',
  failed: 'failed',
  cancelled: 'cancelled',
  moving: 'under way',
};

/** "24 published, 5 failed". */
export function outcomeWords(
  builds: readonly Pick<BuildItemView, 'state'>[],
): string {
  return STATE_GROUPS.map((group) => ({
    group,
    n: builds.filter(({ state }) => groupOf(state) === group).length,
  }))
    .filter(({ n }) => n > 0)
    .map(({ group, n }) => `${n} ${GROUP_WORDS[group]}`)
    .join(', ');
}
