import type { FlytekitFields } from '@/lib/imagespec/tag';
import { RELEASE_LINES, type ReleaseLine } from './lines';
import type { Machine, ReleaseDigests, ReleaseOutcome } from './outcome';
import { releaseTag } from './release-tag';

/** What the releases of a line make of a spec. */
export type LineTag = { line: ReleaseLine; outcome: ReleaseOutcome };

/** The tag of a spec in every line of releases since 1.10.0, oldest first. The fields are as a person wrote them. */
export function tagsByRelease(
  fields: FlytekitFields,
  digests: ReleaseDigests,
  machine: Machine = { isArm64: false },
): LineTag[] {
  return RELEASE_LINES.map((line) => ({
    line,
    outcome: releaseTag(line.since, fields, digests, machine),
  }));
}
