import { CancelButton } from '@/components/builds/build-actions';
import { hasWorker, WorkerName } from '@/components/builds/build-facts';
import { buildTimes, firstLine, ordinal } from '@/components/builds/labels';
import { cn } from '@/components/ui/cn';
import { TextLink } from '@/components/ui/link';
import { ProgressBar } from '@/components/ui/progress-bar';
import { StatusChip } from '@/components/ui/status-chip';
import { Table, TBody, Td, Tr } from '@/components/ui/table';
import { Elapsed } from '@/components/ui/time';
import type { RunningBuildView } from '@/lib/build/views';

// On a phone the short cells share a line.
const PHONE = 'max-sm:inline-flex! max-sm:px-0!';

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
  const hasProgress = !queue && steps.total > 0;
  return (
    <Tr className="max-sm:px-3">
      <Td className={cn(PHONE, 'whitespace-nowrap max-sm:mr-2')}>
        <span>
          <TextLink href={`/builds/${build.id}`}>{build.spec.name}</TextLink>{' '}
          <span className="text-ink-3 tabular-nums">#{build.number}</span>
        </span>
      </Td>
      <Td className="max-sm:px-0! sm:w-full sm:max-w-0">
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
      <Td
        className={cn(
          PHONE,
          'whitespace-nowrap sm:max-lg:hidden',
          hasWorker(build) ? 'max-sm:mr-3' : 'max-sm:hidden!',
        )}
      >
        {hasWorker(build) && <WorkerName build={build} />}
      </Td>
      <Td
        className={cn(
          PHONE,
          'sm:max-lg:hidden',
          hasProgress ? 'max-sm:mr-3' : 'max-sm:hidden!',
        )}
      >
        {hasProgress && (
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
      <Td isNumeric className={cn(PHONE, 'text-ink-2 max-sm:mr-3')}>
        <Elapsed {...(queue ? waited : (ran ?? waited))} />
      </Td>
      <Td isNumeric className={PHONE}>
        <CancelButton build={build} size="sm" />
      </Td>
    </Tr>
  );
}
