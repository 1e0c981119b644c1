'use client';
import { useQuery } from '@tanstack/react-query';
import { LintCard } from '@/components/specs/lint-card';
import { lintContext } from '@/components/specs/lint-context';
import { RevisionTags } from '@/components/specs/tag-calculator';
import { TextLink } from '@/components/ui/link';
import { lintSpec } from '@/lib/imagespec/lint/lint';
import { specQueries } from '@/lib/queries/specs';

/** What the linter says of the current revision, and its tag in every line of flytekit releases. */
export function SpecChecks({ specId }: { specId: string }) {
  const { data: spec } = useQuery(specQueries.detail(specId));
  const { data: defaults } = useQuery(specQueries.defaults);
  const { data: bases = [] } = useQuery(specQueries.bases);
  if (!spec) return null;
  const { revision } = spec;
  const findings = lintSpec({
    spec: revision.fields,
    requirements: revision.requirements,
    context: lintContext(specId, revision.flytekitVersion, defaults, bases),
  });
  return (
    <div className="grid gap-4">
      <LintCard findings={findings} />
      {findings.length > 0 && !spec.archivedAt && (
        <p className="-mt-2 text-xs text-ink-3">
          A saved revision never changes:{' '}
          <TextLink href={`/specs/${specId}/edit`}>edit the spec</TextLink> to
          mend it.
        </p>
      )}
      <RevisionTags revision={revision} />
    </div>
  );
}
