'use client';
import { useQuery } from '@tanstack/react-query';
import { Boxes, RefreshCw, Search } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { SyncChip } from '@/components/images/sync-status';
import { ScanFailures } from '@/components/registries/scan-failures';
import { Button, ButtonLink } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { ErrorNotice } from '@/components/ui/error-notice';
import { formatCount } from '@/components/ui/format';
import { Input } from '@/components/ui/input';
import { TextLink } from '@/components/ui/link';
import { Pager } from '@/components/ui/pager';
import { TableSkeleton } from '@/components/ui/skeleton';
import { Spinner } from '@/components/ui/spinner';
import { Table, TBody, Td, Th, THead, Tr } from '@/components/ui/table';
import { showFailure } from '@/components/ui/toast';
import { errorView } from '@/lib/queries/fetch-json';
import {
  inventoryQueries,
  type RepositoryListFilter,
  useRequestSync,
} from '@/lib/queries/inventory';
import { isUnderWay } from '@/lib/registry/inventory';
import type { RepositoryItemView } from '@/lib/registry/inventory-views';

/** Every repository of the team with what was read of it. Seed `inventoryKeys.repositories(filter)`. */
export function RepositoryList({ filter }: { filter: RepositoryListFilter }) {
  const { data, error, refetch } = useQuery(
    inventoryQueries.repositories(filter),
  );
  const { after, ...lasting } = filter;
  return (
    <>
      <SearchField q={filter.q ?? ''} />
      {error && !data && (
        <ErrorNotice error={errorView(error)} onRetry={() => void refetch()} />
      )}
      {!data && !error && <TableSkeleton columns={5} />}
      <ScanFailures />
      {data?.isReading && (
        <p role="status" className="mb-2 flex items-center gap-2 text-ink-2">
          <Spinner /> A registry is being read. What is found shows here.
        </p>
      )}
      {data &&
        (data.items.length === 0 ? (
          <Empty isFiltered={filter.q !== undefined} />
        ) : (
          <RepositoryTable repositories={data.items} />
        ))}
      <Pager
        order="name"
        firstHref={after === undefined ? null : hrefOf(lasting)}
        nextHref={data?.next ? hrefOf({ ...lasting, after: data.next }) : null}
      />
    </>
  );
}

function hrefOf(filter: RepositoryListFilter): string {
  const search = new URLSearchParams(filter).toString();
  return `/images/repositories${search === '' ? '' : `?${search}`}`;
}

function SearchField({ q }: { q: string }) {
  const router = useRouter();
  const [text, setText] = useState(q);
  return (
    <form
      role="search"
      aria-label="Repositories"
      className="mb-3 flex max-w-lg items-center gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        router.push(hrefOf(text.trim() === '' ? {} : { q: text.trim() }));
      }}
    >
      <Input
        type="search"
        isMono
        value={text}
        onChange={(event) => setText(event.target.value)}
        aria-label="Part of a repository's name"
        placeholder="Part of a name"
        autoComplete="off"
      />
      <Button type="submit" icon={<Search aria-hidden />}>
        Search
      </Button>
    </form>
  );
}

function RepositoryTable({
  repositories,
}: {
  repositories: readonly RepositoryItemView[];
}) {
  return (
    <Table label="Repositories" narrow="stack">
      <THead>
        <Th>Repository</Th>
        <Th>Registry</Th>
        <Th isNumeric>Tags</Th>
        <Th isNumeric>Images</Th>
        <Th>Read</Th>
        <Th>
          <span className="sr-only">Read now</span>
        </Th>
      </THead>
      <TBody>
        {repositories.map((repository) => (
          <RepositoryRow key={repository.id} repository={repository} />
        ))}
      </TBody>
    </Table>
  );
}

function RepositoryRow({ repository }: { repository: RepositoryItemView }) {
  const sync = useRequestSync();
  const { id, name, registry } = repository;
  return (
    <Tr>
      <Td>
        <TextLink
          href={`/images/${id}`}
          className="font-mono text-xs wrap-anywhere"
        >
          {name}
        </TextLink>
      </Td>
      <Td label="Registry">
        {registry ? (
          <TextLink href={`/registries/${registry.id}`}>
            {registry.name}
          </TextLink>
        ) : (
          <span className="text-ink-3">none of yours</span>
        )}
      </Td>
      <Td label="Tags" isNumeric>
        {formatCount(repository.tagCount)}
      </Td>
      <Td label="Images" isNumeric>
        {formatCount(repository.imageCount)}
      </Td>
      <Td label="Read">
        <SyncChip sync={repository.sync} />
      </Td>
      <Td>
        <Button
          size="sm"
          icon={<RefreshCw aria-hidden />}
          aria-label={`Read ${name} now`}
          isPending={sync.isPending}
          disabledReason={
            repository.sync !== null &&
            isUnderWay(repository.sync.state) &&
            'It is being read.'
          }
          onClick={() =>
            sync.mutate({ repositoryId: id }, { onError: showFailure })
          }
        >
          Read now
        </Button>
      </Td>
    </Tr>
  );
}

function Empty({ isFiltered }: { isFiltered: boolean }) {
  if (isFiltered)
    return (
      <EmptyState
        icon={<Boxes />}
        title="No repository of that name"
        action={
          <ButtonLink href="/images/repositories">Show them all</ButtonLink>
        }
      />
    );
  return (
    <EmptyState
      icon={<Boxes />}
      title="No repository yet"
      action={
        <ButtonLink href="/registries" variant="primary">
          Add a registry
        </ButtonLink>
      }
    >
      Repositories come from the catalogs of your registries, and from what
      specs, builds and tasks name.
    </EmptyState>
  );
}
