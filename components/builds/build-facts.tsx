import { buildTimes, cacheSummary } from '@/components/builds/labels';
import { Fact, Facts } from '@/components/ui/facts';
import { TextLink } from '@/components/ui/link';
import { Elapsed } from '@/components/ui/time';
import type { BuildView, StepView } from '@/lib/build/views';

/** The facts of a build in one row. */
export function BuildFacts({
  build,
  steps,
}: {
  build: BuildView;
  steps: readonly StepView[];
}) {
  const { waited, ran } = buildTimes(build);
  return (
    <Facts>
      <Fact label="Started by">
        {build.startedBy ?? 'Somebody who has left'}
        {build.cause !== 'manual' && (
          <span className="text-ink-3">
            {build.cause === 'rebuild' ? ' · rebuild' : ' · for another spec'}
          </span>
        )}
      </Fact>
      {build.base && (
        <Fact label="Stands on">
          <TextLink href={`/builds/${build.base.id}`}>
            {build.base.specName} #{build.base.number}
          </TextLink>
          {build.base.state !== 'published' && (
            <span className="text-ink-3">
              {' '}
              · {build.base.state.replace('_', ' ')}
            </span>
          )}
        </Fact>
      )}
      <Fact label="Worker">
        <WorkerName build={build} />
      </Fact>
      <Fact label="Waited">
        <Elapsed {...waited} />
      </Fact>
      <Fact label="Ran">{ran ? <Elapsed {...ran} /> : '–'}</Fact>
      <Fact label="From cache">{cacheSummary(steps) ?? '–'}</Fact>
    </Facts>
  );
}

/** Whether a worker has the build, or had it last; one that waits again for another has none. */
export function hasWorker(
  build: Pick<BuildView, 'worker' | 'workerId' | 'state'>,
): boolean {
  return build.workerId !== null && build.state !== 'queued';
}

/** The worker of a build, by its page. */
export function WorkerName({
  build,
}: {
  build: Pick<BuildView, 'worker' | 'workerId' | 'state'>;
}) {
  if (!hasWorker(build)) return '–';
  return (
    <TextLink href={`/workers/${build.workerId}`}>{build.worker}</TextLink>
  );
}
