import { buildTimes, cacheSummary } from '@/components/builds/labels';
import { imageHref } from '@/components/builds/published-card';
import { Digest } from '@/components/ui/digest';
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
      <Fact label="Image">
        <code className="break-all">
          {build.repository.name}:{build.tag}
        </code>
      </Fact>
      {build.digest !== null && (
        <Fact label="Digest">
          <Digest
            value={build.digest}
            href={imageHref(build.repository.id, build.digest)}
          />
        </Fact>
      )}
      <Fact label="Started by">
        {build.startedBy ?? 'Somebody who has left'}
        {build.cause === 'rebuild' && (
          <span className="text-ink-3"> · rebuild</span>
        )}
      </Fact>
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

/** The worker of a build, by its page. */
export function WorkerName({
  build,
}: {
  build: Pick<BuildView, 'worker' | 'workerId'>;
}) {
  if (build.worker === null || build.workerId === null) return '–';
  return (
    <TextLink href={`/workers/${build.workerId}`}>{build.worker}</TextLink>
  );
}
