import { ChangesCard } from '@/components/specs/changes-card';
import { Card } from '@/components/ui/card';
import type { ComparedBuildView } from '@/lib/build/history-views';

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
  return (
    <ChangesCard title="Definition" before={was} after={is}>
      From revision {was.number}
      {!isSameSpec && ` of ${before.build.spec.name}`} to revision {is.number}
      {!isSameSpec && ` of ${after.build.spec.name}`}.
    </ChangesCard>
  );
}
