'use client';
import { useQuery } from '@tanstack/react-query';
import { Fact, Facts } from '@/components/ui/facts';
import { Notice } from '@/components/ui/notice';
import { PageHeader } from '@/components/ui/page-header';
import { Time } from '@/components/ui/time';
import { CurrentBuild, Platforms } from '@/components/workers/worker-list';
import {
  engineName,
  TestEngineChip,
  WorkerStateChip,
} from '@/components/workers/worker-signs';
import type { WorkerView } from '@/lib/build/views';
import { workersQuery } from '@/lib/queries/workers';

/** One worker. Seed `workerKeys.all`. */
export function WorkerPanel({ workerId }: { workerId: string }) {
  const { data } = useQuery(workersQuery);
  const worker = data?.workers.find(({ id }) => id === workerId);
  return worker && <Worker worker={worker} />;
}

function Worker({ worker }: { worker: WorkerView }) {
  const { engine } = worker;
  return (
    <>
      <PageHeader
        crumbs={[{ label: 'Workers', href: '/workers' }]}
        title={worker.name}
        status={
          <>
            <WorkerStateChip worker={worker} />
            <TestEngineChip worker={worker} />
          </>
        }
      />
      <Problem worker={worker} />
      <Facts>
        <Fact label="Last seen">
          {worker.lastSeenAt ? <Time at={worker.lastSeenAt} /> : 'never'}
        </Fact>
        <Fact label="Builds now">
          <CurrentBuild worker={worker} />
        </Fact>
        <Fact label="Engine">{engineName(worker)}</Fact>
        <Fact label="Engine API">
          {engine?.state === 'ready' ? engine.apiVersion : '–'}
        </Fact>
        <Fact label="Platforms">
          <Platforms worker={worker} />
        </Fact>
        <Fact label="CA certificates">
          {engine?.state !== 'ready'
            ? '–'
            : engine.addsCaCertificates
              ? 'Added to build steps, never to the image'
              : 'None added'}
        </Fact>
        <Fact label="Imageyard">{worker.version ?? '–'}</Fact>
        <Fact label="Known since">
          <Time at={worker.createdAt} />
        </Fact>
      </Facts>
    </>
  );
}

function Problem({ worker }: { worker: WorkerView }) {
  const { engine, isOnline } = worker;
  if (!isOnline)
    return (
      <Notice tone="warn" title="This worker is offline" className="mb-4">
        {worker.lastSeenAt
          ? 'It has said nothing for 45 seconds or more. Start it again on its machine; it goes on by itself.'
          : 'It has never connected. Start it on its machine.'}
      </Notice>
    );
  if (engine?.state === 'unreachable')
    return (
      <Notice
        tone="warn"
        title="Its container engine does not answer"
        className="mb-4"
      >
        {engine.reason}
      </Notice>
    );
  return null;
}
