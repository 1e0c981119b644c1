'use client';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { Attempts } from '@/components/builds/attempts';
import { BuildAccess } from '@/components/builds/build-access';
import { BuildActions } from '@/components/builds/build-actions';
import { BuildDefinition } from '@/components/builds/build-definition';
import { BuildFacts } from '@/components/builds/build-facts';
import { BaseNotice } from '@/components/builds/base-notice';
import { BuildPackages } from '@/components/builds/build-packages';
import { BuildResults } from '@/components/builds/build-results';
import { BuildNotice } from '@/components/builds/build-notices';
import { FailureCard } from '@/components/builds/failure-card';
import { buildTitle, stateDetail } from '@/components/builds/labels';
import { PartTable } from '@/components/builds/part-table';
import { imageHref, PublishedCard } from '@/components/builds/published-card';
import { BuildTimeline } from '@/components/builds/timeline';
import { useAnchor } from '@/components/builds/use-anchor';
import { useBuildLog } from '@/components/builds/use-build-log';
import { useFavicon } from '@/components/builds/use-favicon';
import { LimitNote } from '@/components/registries/limit-note';
import { Columns } from '@/components/ui/card';
import { CopyButton } from '@/components/ui/copy-button';
import { Digest } from '@/components/ui/digest';
import { ErrorNotice } from '@/components/ui/error-notice';
import { TextLink } from '@/components/ui/link';
import { PageHeader } from '@/components/ui/page-header';
import { StatusChip } from '@/components/ui/status-chip';
import { Tabs } from '@/components/ui/tabs';
import type { BuildView } from '@/lib/build/views';
import { buildQueries } from '@/lib/queries/builds';
import { errorView } from '@/lib/queries/fetch-json';

/** The page of one build, alive until the build is over. Seed `buildKeys.detail`; give `key={buildId}`. */
export function BuildPanel({
  buildId,
  userId,
}: {
  buildId: string;
  userId: string;
}) {
  const { data } = useQuery(buildQueries.detail(buildId));
  return data && <Build initial={data} userId={userId} />;
}

function Build({ initial, userId }: { initial: BuildView; userId: string }) {
  const { build, error, open, status } = useBuildLog(initial);
  const { log } = open;
  const steps = useSyncExternalStore(
    log.subscribe,
    () => log.steps,
    () => log.steps,
  );
  const [tab, setTab] = useState('steps');
  useAnchor(() => setTab('steps'));
  const { spec, revision, number, state, failure, digest } = build;
  const { platform, partOf, parts } = build;
  const title = buildTitle(build);
  useEffect(() => {
    document.title = `${title} · Imageyard`;
  }, [title]);
  useFavicon(state);
  const image = `${build.repository.name}:${build.tag}`;
  return (
    <>
      <PageHeader
        crumbs={[
          { label: 'Builds', href: '/builds' },
          { label: spec.name, href: `/specs/${spec.id}` },
        ]}
        title={
          <>
            {spec.name}{' '}
            <span className="font-normal text-ink-3">#{number}</span>
            {partOf && (
              <span className="font-normal text-ink-3"> · {platform}</span>
            )}
          </>
        }
        status={
          <>
            <StatusChip state={state}>{stateDetail(build, steps)}</StatusChip>
            <span className="text-ink-2">revision {revision.number}</span>
            {partOf && (
              <span className="text-ink-2">
                {platform} of{' '}
                <TextLink href={`/builds/${partOf.id}`}>
                  {spec.name} #{number}
                </TextLink>
              </span>
            )}
          </>
        }
        actions={<BuildActions build={build} userId={userId} />}
      >
        <span className="inline-flex max-w-full items-start gap-0.5">
          <code className="min-w-0 leading-6 break-all">{image}</code>
          <CopyButton text={image} label="image name" />
        </span>
        {digest !== null && (
          <Digest
            value={digest}
            href={imageHref(build.repository.id, digest)}
          />
        )}
      </PageHeader>
      {error !== null && (
        <ErrorNotice error={errorView(error)} className="mb-4" />
      )}
      <BuildFacts build={build} steps={steps} />
      <BuildNotice build={build} />
      <LimitNote hosts={build.hosts} spending="build" className="mt-3" />
      {failure && (
        <FailureCard
          build={build}
          failure={failure}
          open={open}
          mendable={build}
        />
      )}
      {state === 'published' && digest !== null && (
        <div className="mt-4 grid gap-4">
          <BaseNotice bases={build.bases} />
          <Columns>
            <PublishedCard build={build} digest={digest} />
            <BuildAccess build={build} digest={digest} />
          </Columns>
        </div>
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
                    content: <PartTable parts={parts} />,
                  },
                ]
              : [
                  {
                    id: 'steps',
                    label: 'Steps and log',
                    content: (
                      <Attempts build={build} open={open} status={status} />
                    ),
                  },
                  {
                    id: 'timeline',
                    label: 'Timeline',
                    content: <BuildTimeline build={build} steps={steps} />,
                  },
                ]),
            {
              id: 'definition',
              label: 'Definition',
              content: <BuildDefinition build={build} />,
            },
            {
              id: 'results',
              label: 'Inputs and outputs',
              content: <BuildResults build={build} steps={steps} />,
            },
            ...(parts.length > 0
              ? []
              : [
                  {
                    id: 'packages',
                    label: 'Packages',
                    content: <BuildPackages build={build} />,
                  },
                ]),
          ]}
        />
      </div>
    </>
  );
}
