'use client';
import { useQuery } from '@tanstack/react-query';
import { Layers } from 'lucide-react';
import { VerdictChip } from '@/components/images/verdict-chip';
import { ButtonLink } from '@/components/ui/button';
import { Chip } from '@/components/ui/chip';
import { Digest } from '@/components/ui/digest';
import { EmptyState } from '@/components/ui/empty-state';
import { ErrorNotice } from '@/components/ui/error-notice';
import { formatBytes } from '@/components/ui/format';
import { TextLink } from '@/components/ui/link';
import { Pager } from '@/components/ui/pager';
import { TableSkeleton } from '@/components/ui/skeleton';
import { Table, TBody, Td, Th, THead, Tr } from '@/components/ui/table';
import { Time } from '@/components/ui/time';
import { errorView } from '@/lib/queries/fetch-json';
import { type ImagePageAfter, imageQueries } from '@/lib/queries/images';
import type { ImageItemView } from '@/lib/registry/views';

/** Where a digest's page is. */
export function imageHref(image: {
  repositoryId: string;
  digest: string;
}): string {
  return `/images/${image.repositoryId}/${image.digest}`;
}

export function ImageTable({ after }: { after: ImagePageAfter | null }) {
  const { data, error, refetch } = useQuery(imageQueries.list(after));
  if (error && !data)
    return (
      <ErrorNotice error={errorView(error)} onRetry={() => void refetch()} />
    );
  if (!data) return <TableSkeleton columns={6} />;
  if (data.items.length === 0) return <NoImages />;
  const older = data.next
    ? `/images?${new URLSearchParams(data.next).toString()}`
    : null;
  return (
    <>
      <Table label="Images" narrow="stack">
        <THead>
          <Th>Repository</Th>
          <Th>Digest</Th>
          <Th>Tags</Th>
          <Th>Pullable</Th>
          <Th>Built by</Th>
          <Th isNumeric>Size</Th>
          <Th isNumeric>Seen</Th>
        </THead>
        <TBody>
          {data.items.map((image) => (
            <ImageRow
              key={`${image.repositoryId}${image.digest}`}
              image={image}
            />
          ))}
        </TBody>
      </Table>
      <Pager newestHref={after ? '/images' : null} olderHref={older} />
    </>
  );
}

function ImageRow({ image }: { image: ImageItemView }) {
  return (
    <Tr>
      <Td label="Repository">
        <TextLink
          href={imageHref(image)}
          className="font-mono text-xs break-all"
        >
          {image.repository}
        </TextLink>
      </Td>
      <Td label="Digest">
        <Digest value={image.digest} href={imageHref(image)} />
      </Td>
      <Td label="Tags">
        <span className="flex max-w-72 flex-wrap gap-1">
          {image.tags.slice(0, 3).map((tag) => (
            <Chip
              key={tag}
              look="hollow"
              isMono
              title={tag}
              className="max-w-44 truncate"
            >
              {tag}
            </Chip>
          ))}
          {image.tags.length > 3 && (
            <span className="text-ink-3">+{image.tags.length - 3}</span>
          )}
          {image.tags.length === 0 && (
            <span className="text-ink-3">{image.goneAt ? 'gone' : 'none'}</span>
          )}
        </span>
      </Td>
      <Td label="Pullable">
        <VerdictChip verdict={image.verdict} />
      </Td>
      <Td label="Built by">
        {image.build ? (
          <TextLink href={`/builds/${image.build.id}`}>
            {image.build.specName} #{image.build.number}
          </TextLink>
        ) : (
          <span className="text-ink-3">not here</span>
        )}
      </Td>
      <Td label="Size" isNumeric>
        {image.sizeBytes === null ? '–' : formatBytes(image.sizeBytes)}
      </Td>
      <Td label="Seen" isNumeric className="text-ink-2">
        <Time at={image.lastSeenAt} />
      </Td>
    </Tr>
  );
}

function NoImages() {
  return (
    <EmptyState
      icon={<Layers />}
      title="No image yet"
      action={
        <ButtonLink href="/specs" variant="primary">
          Build a spec
        </ButtonLink>
      }
    >
      Every image that is built here, or that an imported task names, appears
      with its digest, its layers and whether anyone can pull it.
    </EmptyState>
  );
}
