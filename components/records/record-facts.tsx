import { buildTimes, cacheSummary } from '@/components/builds/labels';
import { Fact, Facts } from '@/components/ui/facts';
import { Elapsed, Time } from '@/components/ui/time';
import type { RecordView } from '@/lib/build/record-views';

/** The facts of an imported build in one row. */
export function RecordFacts({ view: { build, run } }: { view: RecordView }) {
  const { waited, ran } = buildTimes(run);
  const current = run.attempts.find(({ attempt }) => attempt === run.attempt);
  const others = build.askedBy.filter((name) => name !== build.startedBy);
  return (
    <Facts>
      <Fact label="Started by">
        {build.startedBy ?? 'Somebody who has left'}
      </Fact>
      {others.length > 0 && (
        <Fact label="Also asked for by">{others.join(', ')}</Fact>
      )}
      <Fact label="Asked for">
        <Time at={run.createdAt} />
      </Fact>
      {build.cancelledBy !== null && (
        <Fact label="Cancelled by">{build.cancelledBy}</Fact>
      )}
      <Fact label="Worker">{current?.worker ?? '–'}</Fact>
      <Fact label="Waited">
        <Elapsed {...waited} />
      </Fact>
      <Fact label="Ran">{ran ? <Elapsed {...ran} /> : '–'}</Fact>
      <Fact label="From cache">{cacheSummary(run.steps) ?? '–'}</Fact>
    </Facts>
  );
}
