import type { LintContext } from '@/lib/imagespec/lint/finding';
import type { TeamDefaults } from '@/lib/imagespec/team-defaults';
import type { BaseChoiceView } from '@/lib/imagespec/views';

/** What the linter knows around one spec of the team; `specId` is its own, if it has one yet. */
export function lintContext(
  specId: string | undefined,
  flytekitVersion: string,
  defaults: TeamDefaults | undefined,
  bases: readonly BaseChoiceView[],
): LintContext {
  return {
    clusterPlatforms: defaults?.clusterPlatforms ?? [],
    flytekitVersion,
    others: bases
      .filter((base) => base.specId !== specId)
      .map(({ name, fields }) => ({ name, spec: fields })),
  };
}
