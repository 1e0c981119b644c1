'use client';
import { useQuery } from '@tanstack/react-query';
import { BuildTable } from '@/components/builds/build-table';
import { Attention } from '@/components/overview/attention';
import { FirstSteps, firstSteps } from '@/components/overview/first-steps';
import { RunningBuilds } from '@/components/overview/running';
import { ButtonLink } from '@/components/ui/button';
import { Section } from '@/components/ui/card';
import { ErrorNotice } from '@/components/ui/error-notice';
import { TextLink } from '@/components/ui/link';
import { PageHeader } from '@/components/ui/page-header';
import { overviewQuery } from '@/lib/queries/overview';
import { errorView } from '@/lib/queries/fetch-json';

/** What a team sees first. Seed `overviewKeys.all`. */
export function Overview() {
  const { data, error, refetch } = useQuery(overviewQuery);
  const notice = error && (
    <ErrorNotice
      error={errorView(error)}
      onRetry={() => void refetch()}
      className="mb-4"
    />
  );
  if (!data) return notice;
  const isNew = firstSteps(data).some((step) => !step.isDone);
  // A new team has its next step before it.
  const actions = isNew ? undefined : (
    <>
      <ButtonLink href="/tasks/import">Import tasks</ButtonLink>
      <ButtonLink variant="primary" href="/specs/new">
        New spec
      </ButtonLink>
    </>
  );
  return (
    <>
      <PageHeader title="Overview" actions={actions} />
      {notice}
      {isNew && <FirstSteps overview={data} />}
      {(data.blocked !== null ||
        data.failing.length + data.credentials.length + data.alerts.length >
          0) && (
        <Section
          title="Needs attention"
          actions={
            data.alerts.length > 0 && (
              <TextLink href="/alerts">All alerts</TextLink>
            )
          }
        >
          <Attention overview={data} />
        </Section>
      )}
      {data.running.length > 0 && (
        <Section title="Running">
          <RunningBuilds running={data.running} />
        </Section>
      )}
      {data.recent.length > 0 && (
        <Section
          title="Recent builds"
          actions={<TextLink href="/builds">All builds</TextLink>}
        >
          <BuildTable builds={data.recent} />
        </Section>
      )}
    </>
  );
}
