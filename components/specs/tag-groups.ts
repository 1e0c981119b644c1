import type { LineTag } from '@/lib/imagespec/releases/by-release';
import { explainDifference } from '@/lib/imagespec/releases/explain';
import type { ReleaseOutcome } from '@/lib/imagespec/releases/outcome';

/** Neighbouring lines of releases with one outcome, from `since` on. */
export type TagGroup = {
  since: string;
  /** What that release changed, whether or not this spec meets it. */
  change: string;
  outcome: ReleaseOutcome;
  /** Why it is not the tag of the group before it. */
  why: string[];
};

/** The tags of a spec as a table shows them: newest first, neighbours that agree as one. */
export function groupTags(tags: readonly LineTag[]): TagGroup[] {
  const groups: TagGroup[] = [];
  tags.forEach((tag, index) => {
    const before = tags[index - 1];
    if (before && isSame(before.outcome, tag.outcome)) return;
    groups.push({
      since: tag.line.since,
      change: tag.line.change,
      outcome: tag.outcome,
      why: before ? explainDifference(before, tag) : [],
    });
  });
  return groups.reverse();
}

/** Reasons name their release, so that the same one reads otherwise in each. */
function isSame(one: ReleaseOutcome, other: ReleaseOutcome): boolean {
  if (one.kind === 'tag' || other.kind === 'tag') {
    return one.kind === 'tag' && other.kind === 'tag' && one.tag === other.tag;
  }
  return one.kind === other.kind && one.field === other.field;
}
