'use client';
import type { ReactNode } from 'react';
import { WorkerName } from '@/components/builds/build-facts';
import { cacheSummary, PHASE_NAMES } from '@/components/builds/labels';
import { imageHref } from '@/components/builds/published-card';
import { useNow } from '@/components/ui/clock';
import { Digest } from '@/components/ui/digest';
import { formatBytes, formatDuration } from '@/components/ui/format';
import { TextLink } from '@/components/ui/link';
import { StatusChip } from '@/components/ui/status-chip';
import { Table, TBody, Td, Th, THead, Tr } from '@/components/ui/table';
import { Time } from '@/components/ui/time';
import { PHASES, phaseTimes } from '@/lib/build/compare';
import type { BuildComparisonView } from '@/lib/build/history-views';
import type { BuildView } from '@/lib/build/views';

/** What the two builds are, and the time and size of each, side by side with the difference. */
export function CompareFacts({
  comparison: { before, after },
}: {
  comparison: BuildComparisonView;
}) {
  const now = useNow(1_000);
  const [a, b] = [before.build, after.build];
  const times = {
    a: phaseTimes(a, a.steps, now),
    b: phaseTimes(b, b.steps, now),
  };
  return (
    <Table label="The two builds" narrow="stack">
      <THead>
        <Th>What</Th>
        <Th>Before</Th>
        <Th>After</Th>
        <Th isNumeric>Difference</Th>
      </THead>
      <TBody>
        <Row
          name="Build"
          before={<Name build={a} />}
          after={<Name build={b} />}
        />
        <Row
          name="Asked for"
          before={<Time at={a.createdAt} />}
          after={<Time at={b.createdAt} />}
        />
        <Row
          name="Worker"
          before={<WorkerName build={a} />}
          after={<WorkerName build={b} />}
        />
        <Row
          name="From the cache"
          before={cacheSummary(a.steps) ?? '–'}
          after={cacheSummary(b.steps) ?? '–'}
        />
        {PHASES.map((phase) => (
          <Measure
            key={phase}
            name={PHASE_NAMES[phase]}
            before={times.a[phase]}
            after={times.b[phase]}
            format={formatDuration}
          />
        ))}
        <Measure
          name="In all"
          before={times.a.total}
          after={times.b.total}
          format={formatDuration}
        />
        <Measure
          name="Image size"
          before={a.sizeBytes}
          after={b.sizeBytes}
          format={formatBytes}
        />
        <Row
          name="Digest"
          before={<Result build={a} />}
          after={<Result build={b} />}
          difference={a.digest !== null && a.digest === b.digest && 'the same'}
        />
      </TBody>
    </Table>
  );
}

function Name({
  build: { id, number, spec, revision, state },
}: {
  build: BuildView;
}) {
  return (
    <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
      <TextLink href={`/builds/${id}`}>
        {spec.name} #{number}
      </TextLink>
      <span className="text-ink-3">revision {revision.number}</span>
      <StatusChip state={state} />
    </span>
  );
}

function Result({ build: { digest, repository } }: { build: BuildView }) {
  return digest === null ? (
    '–'
  ) : (
    <Digest value={digest} href={imageHref(repository.id, digest)} />
  );
}

/** A number of both, and how much more or less it became. */
function Measure({
  name,
  before,
  after,
  format,
}: {
  name: string;
  before: number | null;
  after: number | null;
  format: (value: number) => string;
}) {
  const change = before === null || after === null ? null : after - before;
  return (
    <Row
      name={name}
      before={before === null ? '–' : format(before)}
      after={after === null ? '–' : format(after)}
      difference={
        change !== null &&
        (change === 0
          ? 'the same'
          : `${change > 0 ? '+' : '−'} ${format(Math.abs(change))}`)
      }
    />
  );
}

function Row({
  name,
  before,
  after,
  difference = false,
}: {
  name: string;
  before: ReactNode;
  after: ReactNode;
  difference?: ReactNode;
}) {
  return (
    <Tr>
      <Td className="text-ink-2 max-sm:font-semibold">{name}</Td>
      <Td label="Before" className="tabular-nums">
        {before}
      </Td>
      <Td label="After" className="tabular-nums">
        {after}
      </Td>
      <Td
        {...(difference === false ? {} : { label: 'Difference' })}
        isNumeric
        className={difference === false ? 'max-sm:hidden!' : 'text-ink-2'}
      >
        {difference}
      </Td>
    </Tr>
  );
}
