'use client';
import { useQuery } from '@tanstack/react-query';
import { ChangesCard } from '@/components/specs/changes-card';
import { DefinitionFields } from '@/components/specs/definition-fields';
import { Card } from '@/components/ui/card';
import { ErrorNotice } from '@/components/ui/error-notice';
import { TextLink } from '@/components/ui/link';
import { TableSkeleton } from '@/components/ui/skeleton';
import { Time } from '@/components/ui/time';
import type { BuildDefinitionView, BuildView } from '@/lib/build/views';
import { buildQueries } from '@/lib/queries/builds';
import { errorView } from '@/lib/queries/fetch-json';

/** What was asked for: the fields of the revision that was built, and how they differ from the build before. */
export function BuildDefinition({ build }: { build: BuildView }) {
  const { data, error, refetch } = useQuery(buildQueries.definition(build.id));
  if (error)
    return (
      <ErrorNotice error={errorView(error)} onRetry={() => void refetch()} />
    );
  if (!data) return <TableSkeleton rows={6} columns={2} />;
  const { revision } = data;
  return (
    <div className="grid gap-4">
      <SinceBefore {...data} />
      <Card
        title={
          <TextLink
            href={`/specs/${revision.specId}/revisions/${revision.number}`}
          >
            Revision {revision.number}
          </TextLink>
        }
        actions={
          <span className="text-ink-3">
            saved <Time at={revision.createdAt} />
            {revision.author !== null && ` by ${revision.author}`}
          </span>
        }
      >
        {revision.message !== '' && (
          <p className="mb-2 text-ink-2">{revision.message}</p>
        )}
        <DefinitionFields revision={revision} />
      </Card>
    </div>
  );
}

function SinceBefore({ revision, previous }: BuildDefinitionView) {
  if (!previous)
    return <p className="text-ink-2">This is the first build of the spec.</p>;
  const { build, revision: before } = previous;
  const link = (
    <TextLink href={`/builds/${build.id}`}>build #{build.number}</TextLink>
  );
  if (before.id === revision.id)
    return (
      <p className="text-ink-2">
        The same revision as {link}, the build before this one.
      </p>
    );
  return (
    <ChangesCard
      title="What changed since the build before"
      before={before}
      after={revision}
    >
      From revision {before.number} of {link} to revision {revision.number}.
    </ChangesCard>
  );
}
