'use client';
import { FileDown } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Attempts } from '@/components/builds/attempts';
import { FailureCard } from '@/components/builds/failure-card';
import { stateDetail } from '@/components/builds/labels';
import { BuildTimeline } from '@/components/builds/timeline';
import { useAnchor } from '@/components/builds/use-anchor';
import { openFinishedLog } from '@/components/builds/use-build-log';
import { useFavicon } from '@/components/builds/use-favicon';
import { DeleteRecord } from '@/components/records/delete-record';
import { RecordDefinition } from '@/components/records/record-definition';
import { RecordFacts } from '@/components/records/record-facts';
import { RecordPackages } from '@/components/records/record-packages';
import { RecordParts } from '@/components/records/record-parts';
import { RecordResults } from '@/components/records/record-results';
import { ButtonLink } from '@/components/ui/button';
import { Chip } from '@/components/ui/chip';
import { Digest } from '@/components/ui/digest';
import { Notice } from '@/components/ui/notice';
import { PageHeader } from '@/components/ui/page-header';
import { StatusChip } from '@/components/ui/status-chip';
import { Tabs } from '@/components/ui/tabs';
import { Time } from '@/components/ui/time';
import type { RecordView } from '@/lib/build/record-views';
import { recordUrl } from '@/lib/queries/builds';

/** The page of an imported build: as that of a build, but for what only one of the team can do. Give `key={recordId}`. */
export function RecordPanel({ view }: { view: RecordView }) {
  const { item, run, build, parts = [] } = view;
  const router = useRouter();
  const [open] = useState(() => openFinishedLog(run.id, run));
  const [tab, setTab] = useState('steps');
  useAnchor(() => setTab('steps'));
  useFavicon(run.state);
  return (
    <>
      <PageHeader
        crumbs={[
          { label: 'Builds', href: '/builds' },
          { label: 'Imported builds', href: '/builds/records' },
        ]}
        title={
          <>
            {run.spec.name}{' '}
            <span className="font-normal text-ink-3">#{run.number}</span>
          </>
        }
        status={
          <>
            <StatusChip state={run.state}>
              {stateDetail(run, run.steps)}
            </StatusChip>
            <Chip icon={<FileDown aria-hidden />}>imported</Chip>
            <span className="text-ink-2">revision {run.revision.number}</span>
          </>
        }
        actions={
          <>
            <ButtonLink
              href={recordUrl(run.id)}
              download
              prefetch={false}
              icon={<FileDown aria-hidden />}
            >
              Export record
            </ButtonLink>
            <DeleteRecord
              item={item}
              onDeleted={() => router.push('/builds/records')}
            />
          </>
        }
      >
        <code className="min-w-0 leading-6 break-all">
          {build.repository}:{build.tag}
        </code>
        {build.digest !== null && <Digest value={build.digest} />}
      </PageHeader>
      <Origin view={view} />
      <RecordFacts view={view} />
      {run.failure && (
        <FailureCard build={run} failure={run.failure} open={open} />
      )}
      <div className="mt-6">
        <Tabs
          label="Build"
          current={tab}
          onChange={setTab}
          tabs={[
            ...(parts.length > 0
              ? [
                  {
                    id: 'steps',
                    label: 'Platforms',
                    content: <RecordParts parts={parts} />,
                  },
                ]
              : [
                  {
                    id: 'steps',
                    label: 'Steps and log',
                    content: (
                      <Attempts build={run} open={open} status="ended" />
                    ),
                  },
                  {
                    id: 'timeline',
                    label: 'Timeline',
                    content: <BuildTimeline build={run} steps={run.steps} />,
                  },
                ]),
            {
              id: 'definition',
              label: 'Definition',
              content: <RecordDefinition definition={view.definition} />,
            },
            {
              id: 'results',
              label: 'Inputs and outputs',
              content: <RecordResults view={view} />,
            },
            ...(parts.length > 0
              ? []
              : [
                  {
                    id: 'packages',
                    label: 'Packages',
                    content: (
                      <RecordPackages packages={view.outputs.packages} />
                    ),
                  },
                ]),
          ]}
        />
      </div>
    </>
  );
}

/** Whose build it is, and that it is none of the team's. */
function Origin({ view: { exported, item } }: { view: RecordView }) {
  return (
    <Notice
      title={`Imported: a build of the team ${exported.team} at ${exported.from}`}
      className="mb-4"
    >
      {exported.by} exported it <Time at={exported.at} />;{' '}
      {item.importedBy ?? 'somebody who has left'} imported it{' '}
      <Time at={item.importedAt} />. What stands here is what the file says. It
      is no build of this team and counts nowhere as one.
    </Notice>
  );
}
