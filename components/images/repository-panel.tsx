'use client';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Layers, RefreshCw, Square } from 'lucide-react';
import { useEffect } from 'react';
import { CopyTable } from '@/components/images/copy-table';
import { SyncChip, SyncProgress } from '@/components/images/sync-status';
import { TagTable } from '@/components/images/tag-table';
import { LimitNote } from '@/components/registries/limit-note';
import { Button, ButtonLink } from '@/components/ui/button';
import { Card, Section } from '@/components/ui/card';
import { ErrorNotice } from '@/components/ui/error-notice';
import { Fact, Facts } from '@/components/ui/facts';
import { formatCount, formatNumber } from '@/components/ui/format';
import { TextLink } from '@/components/ui/link';
import { Notice } from '@/components/ui/notice';
import { PageHeader } from '@/components/ui/page-header';
import { Time } from '@/components/ui/time';
import { showFailure } from '@/components/ui/toast';
import {
  inventoryKeys,
  inventoryQueries,
  type TagListFilter,
  useCancelSync,
  useRequestSync,
} from '@/lib/queries/inventory';
import { isUnderWay } from '@/lib/registry/inventory';
import { parseReference } from '@/lib/registry/reference';
import type { RepositoryView } from '@/lib/registry/inventory-views';

/** A repository: how it was read, its tags, what was copied. Seed `inventoryKeys.repository` and `.tags`. */
export function RepositoryPanel({
  repositoryId,
  filter,
}: {
  repositoryId: string;
  filter: TagListFilter;
}) {
  const { data } = useQuery(inventoryQueries.repository(repositoryId));
  const client = useQueryClient();
  const syncedAt = data?.sync?.syncedAt;
  // What the last part of a reading found came in after the table's last look.
  useEffect(() => {
    void client.invalidateQueries({
      queryKey: inventoryKeys.allTags(repositoryId),
    });
  }, [client, repositoryId, syncedAt]);
  if (!data) return null;
  const name = data.name.split('/').slice(1).join('/');
  return (
    <>
      <PageHeader
        crumbs={[
          { label: 'Images', href: '/images' },
          { label: 'Repositories', href: '/images/repositories' },
        ]}
        title={name}
        status={<SyncChip sync={data.sync} />}
        actions={<Actions repository={data} />}
      >
        <span className="font-mono text-xs break-all">{data.name}</span>
      </PageHeader>
      <SyncNotice repository={data} />
      <LimitNote
        hosts={[parseReference(data.name).registry]}
        spending="read"
        className="mb-3"
      />
      <RepositoryFacts repository={data} />
      <Section title="Tags">
        <TagTable
          repository={data}
          filter={filter}
          isLive={data.sync !== null && isUnderWay(data.sync.state)}
        />
      </Section>
      {data.copies.length > 0 && (
        <Section title="Copies">
          <CopyTable copies={data.copies} repositoryId={repositoryId} />
        </Section>
      )}
    </>
  );
}

function Actions({ repository }: { repository: RepositoryView }) {
  const sync = useRequestSync();
  const cancel = useCancelSync();
  const input = { repositoryId: repository.id };
  const isMoving =
    repository.sync !== null && isUnderWay(repository.sync.state);
  return (
    <>
      <ButtonLink
        href={`/images?repository=${repository.id}`}
        icon={<Layers aria-hidden />}
      >
        All digests
      </ButtonLink>
      {isMoving ? (
        <Button
          icon={<Square aria-hidden />}
          isPending={cancel.isPending}
          onClick={() => cancel.mutate(input, { onError: showFailure })}
        >
          Stop reading
        </Button>
      ) : (
        <Button
          variant="primary"
          icon={<RefreshCw aria-hidden />}
          isPending={sync.isPending}
          onClick={() => sync.mutate(input, { onError: showFailure })}
        >
          Read now
        </Button>
      )}
    </>
  );
}

function SyncNotice({ repository: { sync } }: { repository: RepositoryView }) {
  if (!sync)
    return (
      <Notice title="This repository was never read." className="mb-3">
        What is shown comes from builds and tasks. Read it to see every tag,
        where it points, and what has gone.
      </Notice>
    );
  if (isUnderWay(sync.state))
    return (
      <Card className="mb-3">
        <SyncProgress sync={sync} />
      </Card>
    );
  if (sync.state === 'failed' && sync.failure)
    return <ErrorNotice error={sync.failure} className="mb-3" />;
  if (sync.note !== null && sync.state === 'done')
    return <Notice tone="warn" title={sync.note} className="mb-3" />;
  return null;
}

function RepositoryFacts({ repository }: { repository: RepositoryView }) {
  const { sync, registry } = repository;
  return (
    <Facts>
      <Fact label="Registry">
        {registry ? (
          <TextLink href={`/registries/${registry.id}`}>
            {registry.name}
          </TextLink>
        ) : (
          <span className="text-ink-3">none of yours</span>
        )}
      </Fact>
      <Fact label="Tags">{formatCount(repository.tagCount)}</Fact>
      <Fact label="Images">
        <TextLink href={`/images?repository=${repository.id}`}>
          {formatCount(repository.imageCount)}
        </TextLink>
      </Fact>
      <Fact label="Gone">
        {repository.goneCount === 0 ? (
          <span className="text-ink-3">none</span>
        ) : (
          <TextLink href={`/images?repository=${repository.id}&gone=only`}>
            {formatNumber(repository.goneCount)}
          </TextLink>
        )}
      </Fact>
      <Fact label="Last read in full">
        {sync?.syncedAt ? (
          <Time at={sync.syncedAt} />
        ) : (
          <span className="text-ink-3">never</span>
        )}
      </Fact>
      <Fact label="New then">
        {sync?.syncedAt ? formatNumber(sync.added) : '–'}
      </Fact>
    </Facts>
  );
}
