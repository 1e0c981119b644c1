'use client';
import { useQuery } from '@tanstack/react-query';
import { Fact, Facts } from '@/components/ui/facts';
import { Notice } from '@/components/ui/notice';
import { PageHeader } from '@/components/ui/page-header';
import { Time } from '@/components/ui/time';
import { DoctorCard } from '@/components/workers/doctor-card';
import { EngineAbilities } from '@/components/workers/engine-abilities';
import { WorkerActions } from '@/components/workers/worker-actions';
import { Platforms, WorkerBuilds } from '@/components/workers/worker-parts';
import {
  engineName,
  LabelChips,
  TestEngineChip,
  WorkerStateChip,
} from '@/components/workers/worker-signs';
import type { WorkerView } from '@/lib/build/views';
import { workersQuery } from '@/lib/queries/workers';

type PanelProps = {
  workerId: string;
  isOwner: boolean;
  /** The release of the server. */
  version: string;
};

/** One worker. Seed `workerKeys.all`. */
export function WorkerPanel({ workerId, ...props }: PanelProps) {
  const { data } = useQuery(workersQuery);
  const worker = data?.workers.find(({ id }) => id === workerId);
  return worker && <Worker worker={worker} {...props} />;
}

function Worker({
  worker,
  isOwner,
  version,
}: Omit<PanelProps, 'workerId'> & { worker: WorkerView }) {
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
        actions={<WorkerActions worker={worker} isOwner={isOwner} />}
      />
      <Problem worker={worker} version={version} />
      <Facts>
        <Fact label="Last seen">
          {worker.lastSeenAt ? <Time at={worker.lastSeenAt} /> : 'never'}
        </Fact>
        <Fact label="Builds now">
          <WorkerBuilds worker={worker} />
        </Fact>
        <Fact label="Labels">
          {worker.labels.length === 0 ? (
            'None: it takes what asks for none'
          ) : (
            <span className="inline-flex flex-wrap gap-1">
              <LabelChips labels={worker.labels} />
              {worker.isReserved && 'only for builds that ask for one'}
            </span>
          )}
        </Fact>
        <Fact label="Engine">
          {worker.engine?.state === 'ready' ? engineName(worker.engine) : '–'}
        </Fact>
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
        <Fact label="Imageyard">
          {worker.version ?? '–'}
          {worker.version !== null && worker.version !== version && (
            <span className="text-warn"> (this server: {version})</span>
          )}
        </Fact>
        <Fact label="Known since">
          <Time at={worker.createdAt} />
        </Fact>
      </Facts>
      {engine?.state === 'ready' && engine.kind !== 'test' && (
        <EngineAbilities engine={engine} />
      )}
      <DoctorCard worker={worker} />
    </>
  );
}

function Problem({ worker, version }: { worker: WorkerView; version: string }) {
  const { engine, isOnline, paused, refusedProtocol } = worker;
  if (refusedProtocol !== null)
    return (
      <Notice
        tone="bad"
        title="It is of another release and was turned away"
        className="mb-4"
      >
        Update it to release {version} of Imageyard and start it again; it goes
        on by itself.
      </Notice>
    );
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
  if (paused)
    return (
      <Notice
        tone="warn"
        title={
          worker.builds.length > 0
            ? 'It finishes what it has and takes nothing new'
            : 'It takes no builds'
        }
        className="mb-4"
      >
        Paused <Time at={paused.at} />
        {paused.by !== null && ` by ${paused.by}`}.
      </Notice>
    );
  return null;
}
