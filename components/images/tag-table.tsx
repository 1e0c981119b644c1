'use client';
import { useQuery } from '@tanstack/react-query';
import { History, Search, Tag, Trash2 } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { DeleteTagDialog } from '@/components/images/delete-tag-dialog';
import { TagHistoryDialog } from '@/components/images/tag-history-dialog';
import { Button } from '@/components/ui/button';
import { Chip } from '@/components/ui/chip';
import { Digest } from '@/components/ui/digest';
import { EmptyState } from '@/components/ui/empty-state';
import { formatBytes } from '@/components/ui/format';
import { Input } from '@/components/ui/input';
import { Pager } from '@/components/ui/pager';
import { TableSkeleton } from '@/components/ui/skeleton';
import { Table, TBody, Td, Th, THead, Tr } from '@/components/ui/table';
import { Time } from '@/components/ui/time';
import { inventoryQueries, type TagListFilter } from '@/lib/queries/inventory';
import type {
  RepositoryView,
  TagItemView,
} from '@/lib/registry/inventory-views';

type Props = {
  repository: RepositoryView;
  filter: TagListFilter;
  /** A sync is running: rows come in. */
  isLive: boolean;
};

export function TagTable({ repository, filter, isLive }: Props) {
  const { data } = useQuery(
    inventoryQueries.tags(repository.id, filter, isLive),
  );
  const href = (next: TagListFilter) => {
    const search = new URLSearchParams(next).toString();
    return `/images/${repository.id}${search === '' ? '' : `?${search}`}`;
  };
  const { after, ...lasting } = filter;
  return (
    <>
      <TagSearch q={filter.q ?? ''} href={href} />
      {!data && <TableSkeleton columns={5} />}
      {data?.items.length === 0 && (
        <EmptyState
          icon={<Tag />}
          title={filter.q ? 'No tag begins like that' : 'No tag yet'}
        />
      )}
      {data && data.items.length > 0 && (
        <Table label="Tags" narrow="stack">
          <THead>
            <Th>Tag</Th>
            <Th>Digest</Th>
            <Th>Platforms</Th>
            <Th isNumeric>Size</Th>
            <Th isNumeric>Made</Th>
            <Th isNumeric>Looked at</Th>
            <Th>
              <span className="sr-only">History and deletion</span>
            </Th>
          </THead>
          <TBody>
            {data.items.map((tag) => (
              <TagRow key={tag.name} tag={tag} repository={repository} />
            ))}
          </TBody>
        </Table>
      )}
      <Pager
        order="name"
        firstHref={after === undefined ? null : href(lasting)}
        nextHref={data?.next ? href({ ...lasting, after: data.next }) : null}
      />
    </>
  );
}

function TagRow({
  tag,
  repository,
}: {
  tag: TagItemView;
  repository: RepositoryView;
}) {
  return (
    <Tr>
      <Td>
        <span className="font-mono text-xs break-all">{tag.name}</span>
      </Td>
      <Td label="Digest">
        {tag.digest ? (
          <Digest
            value={tag.digest}
            href={`/images/${repository.id}/${tag.digest}`}
          />
        ) : tag.checkedAt === null ? (
          <span className="text-ink-3">not looked up yet</span>
        ) : (
          <Chip tone="warn">points to nothing</Chip>
        )}
      </Td>
      <Td label="Platforms" className="text-xs text-ink-2">
        {tag.platforms.join(', ') || (tag.kind ?? 'not read')}
      </Td>
      <Td label="Size" isNumeric>
        {tag.sizeBytes === null ? '–' : formatBytes(tag.sizeBytes)}
      </Td>
      <Td label="Made" isNumeric className="text-ink-2">
        {tag.createdAt ? <Time at={tag.createdAt} /> : '–'}
      </Td>
      <Td label="Looked at" isNumeric className="text-ink-2">
        {tag.checkedAt ? (
          <Time at={tag.checkedAt} />
        ) : (
          <span className="text-ink-3">never</span>
        )}
      </Td>
      <Td>
        <span className="flex gap-1 sm:justify-end">
          <TagHistoryDialog
            repositoryId={repository.id}
            tag={tag.name}
            trigger={
              <Button
                size="sm"
                variant="ghost"
                icon={<History aria-hidden />}
                aria-label={`History of ${tag.name}`}
                title="History"
              />
            }
          />
          {tag.digest !== null && (
            <DeleteTagDialog
              repository={repository}
              tag={tag.name}
              digest={tag.digest}
              trigger={
                <Button
                  size="sm"
                  variant="ghost"
                  icon={<Trash2 aria-hidden />}
                  aria-label={`Delete the tag ${tag.name}`}
                  title="Delete the tag"
                />
              }
            />
          )}
        </span>
      </Td>
    </Tr>
  );
}

function TagSearch({
  q,
  href,
}: {
  q: string;
  href: (filter: TagListFilter) => string;
}) {
  const router = useRouter();
  const [text, setText] = useState(q);
  return (
    <form
      role="search"
      aria-label="Tags"
      className="mb-2 flex max-w-md items-center gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        router.push(href(text.trim() === '' ? {} : { q: text.trim() }));
      }}
    >
      <Input
        type="search"
        isMono
        value={text}
        onChange={(event) => setText(event.target.value)}
        aria-label="Beginning of a tag"
        placeholder="Beginning of a tag"
        autoComplete="off"
      />
      <Button type="submit" icon={<Search aria-hidden />}>
        Search
      </Button>
    </form>
  );
}
