import { CancelButton } from '@/components/builds/build-actions';
import { hasWorker, WorkerName } from '@/components/builds/build-facts';
import { buildTimes, firstLine, ordinal } from '@/components/builds/labels';
import { TextLink } from '@/components/ui/link';
import { ProgressBar } from '@/components/ui/progress-bar';
import { StatusChip } from '@/components/ui/status-chip';
import { Table, TBody, Td, Tr } from '@/components/ui/table';
import { Elapsed } from '@/components/ui/time';
import type { RunningBuildView } from '@/lib/build/views';

/** The builds that move, with how far each has come. */
export function RunningBuilds({ running }: { running: RunningBuildView[] }) {
  return (
    <Table label="Running builds" narrow="stack">
      <TBody>
        {running.map((item) => (
          <Row key={item.build.id} item={item} />
        ))}
      </TBody>
    </Table>
  );
}

function Row({ item: { build, steps, queue } }: { item: RunningBuildView }) {
  const { waited, ran } = buildTimes(build);
  return (
    <Tr>
      <Td className="whitespace-nowrap">
        <span>
          <TextLink href={`/builds/${build.id}`}>{build.spec.name}</TextLink>{' '}
          <span className="text-ink-3 tabular-nums">#{build.number}</span>
        </span>
      </Td>
      <Td className="sm:w-full sm:max-w-0">
        <span className="flex min-w-0 items-center gap-2">
          <StatusChip state={build.state} />
          <span className="min-w-0 truncate text-ink-2">
            {queue
              ? `${ordinal(queue.position)} · ${queue.reason}`
              : steps.current !== null && (
                  <code title={steps.current}>{firstLine(steps.current)}</code>
                )}
          </span>
        </span>
      </Td>
      <Td className="whitespace-nowrap">
        {hasWorker(build) && <WorkerName build={build} />}
      </Td>
      <Td>
        {!queue && steps.total > 0 && (
          <span className="flex items-center gap-2 whitespace-nowrap">
            <span className="w-24">
              <ProgressBar
                value={steps.done / steps.total}
                label={`Steps of build ${build.number}`}
              />
            </span>
            <span className="text-ink-3 tabular-nums">
              {steps.done} of {steps.total}
            </span>
          </span>
        )}
      </Td>
      <Td isNumeric className="text-ink-2">
        <Elapsed {...(queue ? waited : (ran ?? waited))} />
      </Td>
      <Td isNumeric>
        <CancelButton build={build} size="sm" />
      </Td>
    </Tr>
  );
}
