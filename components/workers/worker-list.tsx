'use client';
import { useQuery } from '@tanstack/react-query';
import { Server } from 'lucide-react';
import { EmptyState } from '@/components/ui/empty-state';
import { ErrorNotice } from '@/components/ui/error-notice';
import { TextLink } from '@/components/ui/link';
import { Notice } from '@/components/ui/notice';
import { TableSkeleton } from '@/components/ui/skeleton';
import { Table, TBody, Td, Th, THead, Tr } from '@/components/ui/table';
import { Time } from '@/components/ui/time';
import {
  engineName,
  TestEngineChip,
  WorkerStateChip,
} from '@/components/workers/worker-signs';
import type { WorkerView } from '@/lib/build/views';
import { errorView } from '@/lib/queries/fetch-json';
import { workersQuery } from '@/lib/queries/workers';

/** Every worker, and on top why nothing can build. Seed `workerKeys.all`. */
export function WorkerList() {
  const { data, error, refetch } = useQuery(workersQuery);
  const notice = error && (
    <ErrorNotice
      error={errorView(error)}
      onRetry={() => void refetch()}
      className="mb-4"
    />
  );
  if (!data) return notice || <TableSkeleton rows={2} columns={5} />;
  return (
    <>
      {notice}
      {data.blocked !== null && data.workers.length > 0 && (
        <Notice tone="warn" title="Nothing can build now" className="mb-4">
          {data.blocked}
        </Notice>
      )}
      {data.workers.length === 0 ? (
        <EmptyState icon={<Server />} title="No worker has connected yet">
          A worker takes queued builds and runs them on its container engine.
          Until one connects, builds wait; everything else works.
        </EmptyState>
      ) : (
        <WorkerTable workers={data.workers} />
      )}
    </>
  );
}

function WorkerTable({ workers }: { workers: readonly WorkerView[] }) {
  return (
    <Table label="Workers" narrow="stack">
      <THead>
        <Th>Worker</Th>
        <Th>State</Th>
        <Th>Builds now</Th>
        <Th>Engine</Th>
        <Th>Platforms</Th>
        <Th isNumeric>Last seen</Th>
      </THead>
      <TBody>
        {workers.map((worker) => (
          <Tr key={worker.id}>
            <Td>
              <TextLink href={`/workers/${worker.id}`}>{worker.name}</TextLink>
            </Td>
            <Td label="State">
              <span className="inline-flex flex-wrap gap-1">
                <WorkerStateChip worker={worker} />
                <TestEngineChip worker={worker} />
              </span>
            </Td>
            <Td label="Builds now">
              <CurrentBuild worker={worker} />
            </Td>
            <Td label="Engine">{engineName(worker)}</Td>
            <Td label="Platforms">
              <Platforms worker={worker} />
            </Td>
            <Td label="Last seen" isNumeric>
              {worker.lastSeenAt ? <Time at={worker.lastSeenAt} /> : 'never'}
            </Td>
          </Tr>
        ))}
      </TBody>
    </Table>
  );
}

/** The build a worker has in hand, by its page. */
export function CurrentBuild({ worker }: { worker: WorkerView }) {
  const { currentBuild } = worker;
  if (!currentBuild) return <span className="text-ink-3">–</span>;
  return (
    <TextLink href={`/builds/${currentBuild.id}`}>
      {currentBuild.specName} #{currentBuild.number}
    </TextLink>
  );
}

/** What a worker's engine builds for. */
export function Platforms({ worker }: { worker: WorkerView }) {
  const { engine } = worker;
  if (engine?.state !== 'ready') return <span className="text-ink-3">–</span>;
  return <code>{engine.platforms.join(', ')}</code>;
}
