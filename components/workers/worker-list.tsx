'use client';
import { useQuery } from '@tanstack/react-query';
import { Server } from 'lucide-react';
import type { ReactNode } from 'react';
import { EmptyState } from '@/components/ui/empty-state';
import { ErrorNotice } from '@/components/ui/error-notice';
import { TextLink } from '@/components/ui/link';
import { Notice } from '@/components/ui/notice';
import { TableSkeleton } from '@/components/ui/skeleton';
import { Table, TBody, Td, Th, THead, Tr } from '@/components/ui/table';
import { Time } from '@/components/ui/time';
import { PendingWorkers } from '@/components/workers/pending-workers';
import { Platforms, WorkerBuilds } from '@/components/workers/worker-parts';
import {
  engineName,
  FindingsChip,
  LabelChips,
  TestEngineChip,
  WorkerStateChip,
} from '@/components/workers/worker-signs';
import type { WorkerView } from '@/lib/build/views';
import { errorView } from '@/lib/queries/fetch-json';
import { workersQuery } from '@/lib/queries/workers';

/** Every worker, and on top why nothing can build. Seed `workerKeys.all`. */
export function WorkerList({
  isOwner,
  connect,
}: {
  isOwner: boolean;
  /** The button of the empty state. */
  connect: ReactNode;
}) {
  const { data, error, refetch } = useQuery(workersQuery);
  const notice = error && (
    <ErrorNotice
      error={errorView(error)}
      onRetry={() => void refetch()}
      className="mb-4"
    />
  );
  if (!data) return notice || <TableSkeleton rows={2} columns={6} />;
  return (
    <>
      {notice}
      {data.blocked !== null && data.workers.length > 0 && (
        <Notice tone="warn" title="Nothing can build now" className="mb-4">
          {data.blocked}
        </Notice>
      )}
      <PendingWorkers enrolments={data.enrolments} isOwner={isOwner} />
      {data.workers.length === 0 ? (
        <EmptyState
          icon={<Server />}
          title="No worker has connected yet"
          action={connect}
        >
          A worker takes queued builds and runs them on its container engine.
          Until one connects, builds wait; everything else works. npm start runs
          one by itself as soon as Docker answers on the server.
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
              <span className="inline-flex flex-wrap items-center gap-1.5">
                <TextLink href={`/workers/${worker.id}`}>
                  {worker.name}
                </TextLink>
                <LabelChips labels={worker.labels} />
              </span>
            </Td>
            <Td label="State">
              <span className="inline-flex flex-wrap gap-1">
                <WorkerStateChip worker={worker} />
                <TestEngineChip worker={worker} />
                <FindingsChip worker={worker} />
              </span>
            </Td>
            <Td label="Builds now">
              <WorkerBuilds worker={worker} />
            </Td>
            <Td label="Engine">
              {worker.engine?.state === 'ready'
                ? engineName(worker.engine)
                : '–'}
            </Td>
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
