import { buildTimes, cacheSummary } from '@/components/builds/labels';
import { Fact, Facts } from '@/components/ui/facts';
import { TextLink } from '@/components/ui/link';
import { BuildNumberLink } from '@/components/builds/build-number-link';
import { Elapsed } from '@/components/ui/time';
import { describeMinutes } from '@/lib/build/limits';
import { type BuildCause, isMoving } from '@/lib/build/state';
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
  const hasParts = build.parts.length > 0;
  const others = build.ask.askers.filter(
    ({ userId, hasWithdrawn }) =>
      userId !== build.ask.startedById && !hasWithdrawn,
  );
  return (
    <Facts>
      <Fact label="Started by">
        {build.startedBy ?? 'Somebody who has left'}
        <span className="text-ink-3">{CAUSES[build.cause]}</span>
        {build.ask.earlier && (
          <>
            {' of '}
            <BuildNumberLink build={build.ask.earlier} />
          </>
        )}
      </Fact>
      {others.length > 0 && (
        <Fact label="Also asked for by">
          {others.map(({ name }) => name).join(', ')}
        </Fact>
      )}
      {build.ask.later && (
        <Fact label="Asked for again as">
          <BuildNumberLink build={build.ask.later} />
        </Fact>
      )}
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
      {!hasParts && (
        <Fact label="Worker">
          <WorkerName build={build} />
        </Fact>
      )}
      <Fact label="Waited">
        <Elapsed {...waited} />
      </Fact>
      <Fact label="Ran">{ran ? <Elapsed {...ran} /> : '–'}</Fact>
      {!hasParts && (
        <Fact label="From cache">{cacheSummary(steps) ?? '–'}</Fact>
      )}
      {build.kept && (
        <Fact label="Logs">
          kept for ever
          {build.kept.by !== null && (
            <span className="text-ink-3"> · by {build.kept.by}</span>
          )}
        </Fact>
      )}
      {isMoving(build.state) && (
        <Fact label="May take">
          {describeMinutes(build.ask.limits.totalMinutes)},{' '}
          {describeMinutes(build.ask.limits.idleMinutes)} without output
        </Fact>
      )}
    </Facts>
  );
}

const CAUSES: Record<BuildCause, string> = {
  manual: '',
  rebuild: ' · rebuild',
  retry: ' · retry',
  base: ' · for another spec',
};

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
