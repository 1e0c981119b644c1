import { ChangeList } from '@/components/specs/change-list';
import { Card } from '@/components/ui/card';
import { TextLink } from '@/components/ui/link';
import type { ComparedBuildView } from '@/lib/build/history-views';
import { changedFields } from '@/lib/imagespec/changes';

/** What the two builds were asked for. */
export function CompareDefinition({
  before,
  after,
}: {
  before: ComparedBuildView;
  after: ComparedBuildView;
}) {
  const [was, is] = [before.revision, after.revision];
  const isSameSpec = was.specId === is.specId;
  if (was.id === is.id)
    return (
      <Card title="Definition">
        <p className="text-ink-2">Both were built from revision {is.number}.</p>
      </Card>
    );
  const changes = changedFields(was, is);
  return (
    <Card
      title="Definition"
      actions={
        isSameSpec && (
          <TextLink
            href={`/specs/${is.specId}/revisions/${is.number}?with=${was.number}`}
          >
            Compare line by line
          </TextLink>
        )
      }
    >
      <p className="mb-2 text-ink-2">
        From revision {was.number}
        {!isSameSpec && ` of ${before.build.spec.name}`} to revision {is.number}
        {!isSameSpec && ` of ${after.build.spec.name}`}.
      </p>
      {changes.length === 0 ? (
        <p>Both ask for the same.</p>
      ) : (
        <ChangeList changes={changes} />
      )}
    </Card>
  );
}
