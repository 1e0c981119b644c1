import { ChangeList } from '@/components/specs/change-list';
import { Card } from '@/components/ui/card';
import {
  changedFields,
  changedLines,
  type FieldChange,
} from '@/lib/imagespec/changes';
import type { RevisionView } from '@/lib/imagespec/views';

/** What the current revision asks for otherwise than an earlier one, its requirements line by line. */
export function RevisionChanges({
  revision,
  current,
}: {
  revision: RevisionView;
  current: RevisionView;
}) {
  const changes = changedFields(revision, current).map((change) =>
    change.field === 'requirements' && change.note !== null
      ? withLines(change, revision.requirements, current.requirements)
      : change,
  );
  return (
    <Card title={`From this revision to the current, ${current.number}`}>
      {changes.length === 0 ? (
        <p className="text-ink-2">Both ask for the same.</p>
      ) : (
        <ChangeList changes={changes} />
      )}
    </Card>
  );
}

function withLines(
  change: FieldChange,
  before: string | null,
  after: string | null,
): FieldChange {
  const split = (text: string | null) => text?.split(/\r?\n/) ?? [];
  const lines = changedLines(split(before), split(after));
  const isShown = lines.removed.length + lines.added.length > 0;
  return { ...change, ...lines, note: isShown ? null : 'another order' };
}
