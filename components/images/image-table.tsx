'use client';
import { useQuery } from '@tanstack/react-query';
import { Layers, SearchX } from 'lucide-react';
import { TagChips } from '@/components/images/tag-chips';
import { VerdictChip } from '@/components/images/verdict-chip';
import { ButtonLink } from '@/components/ui/button';
import { Digest } from '@/components/ui/digest';
import { EmptyState } from '@/components/ui/empty-state';
import { ErrorNotice } from '@/components/ui/error-notice';
import { formatBytes, formatCount } from '@/components/ui/format';
import { TextLink } from '@/components/ui/link';
import { Pager } from '@/components/ui/pager';
import { TableSkeleton } from '@/components/ui/skeleton';
import { Table, TBody, Td, Th, THead, Tr } from '@/components/ui/table';
import { Time } from '@/components/ui/time';
import { errorView } from '@/lib/queries/fetch-json';
import { imageQueries } from '@/lib/queries/images';
import {
  type ImageCursor,
  type ImageFilter,
  imagesHref,
} from '@/lib/registry/image-filter';
import type { ImageItemView } from '@/lib/registry/views';

/** Where a digest's page is. */
export function imageHref(image: {
  repositoryId: string;
  digest: string;
}): string {
  return `/images/${image.repositoryId}/${image.digest}`;
}

export function ImageTable({
  filter,
  after,
}: {
  filter: ImageFilter;
  after: ImageCursor | null;
}) {
  const { data, error, refetch } = useQuery(imageQueries.list(filter, after));
  if (error && !data)
    return (
      <ErrorNotice error={errorView(error)} onRetry={() => void refetch()} />
    );
  if (!data) return <TableSkeleton columns={6} />;
  if (data.items.length === 0)
    return Object.keys(filter).length > 0 ? <NoMatch /> : <NoImages />;
  return (
    <>
      <p className="mb-1.5 text-xs text-ink-3" role="status">
        {formatCount(data.count)} {data.count === 1 ? 'image' : 'images'}
      </p>
      <Table label="Images" narrow="stack">
        <THead>
          <Th>Repository</Th>
          <Th>Digest</Th>
          <Th>Tags</Th>
          <Th>Platform</Th>
          <Th>Pullable</Th>
          <Th>Built by</Th>
          <Th isNumeric>Size</Th>
          <Th isNumeric>Made</Th>
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
      <Pager
        order="time"
        firstHref={after ? imagesHref(filter) : null}
        nextHref={data.next ? imagesHref(filter, data.next) : null}
      />
    </>
  );
}

function ImageRow({ image }: { image: ImageItemView }) {
  return (
    <Tr>
      <Td label="Repository">
        <TextLink
          href={`/images/${image.repositoryId}`}
          className="font-mono text-xs wrap-anywhere"
        >
          {image.repository}
        </TextLink>
      </Td>
      <Td label="Digest">
        <Digest value={image.digest} href={imageHref(image)} />
      </Td>
      <Td label="Tags">
        <TagChips
          tags={image.tags}
          none={
            image.goneAt ? 'gone' : image.isPart ? 'part of an index' : 'none'
          }
        />
      </Td>
      <Td label="Platform" className="text-xs text-ink-2">
        <KindOrPlatforms image={image} />
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
          <span className="whitespace-nowrap text-ink-3">not here</span>
        )}
      </Td>
      <Td label="Size" isNumeric>
        {image.sizeBytes === null ? '–' : formatBytes(image.sizeBytes)}
      </Td>
      <Td label="Made" isNumeric className="text-ink-2">
        <Time at={image.sortedAt} />
      </Td>
    </Tr>
  );
}

/** What a machine can run of it; of what no machine runs, what it is. */
export function KindOrPlatforms({
  image,
}: {
  image: Pick<ImageItemView, 'kind' | 'platforms' | 'artifactType'>;
}) {
  if (image.kind === 'attestation') return 'attestation';
  if (image.kind === 'artifact')
    return (
      <span className="font-mono break-all">
        {image.artifactType ?? 'artifact'}
      </span>
    );
  const [first, second] = image.platforms;
  if (first === undefined) return 'unknown';
  const rest = image.platforms.length - 2;
  return (
    <span title={image.platforms.join(', ')}>
      {second === undefined ? first : `${first}, ${second}`}
      {rest > 0 && ` +${rest}`}
    </span>
  );
}

function NoMatch() {
  return (
    <EmptyState
      icon={<SearchX />}
      title="No image fits"
      action={<ButtonLink href="/images">Show all images</ButtonLink>}
    >
      Images that have gone from their registry, and the single platforms of an
      index, are shown only when you ask for them under More filters.
    </EmptyState>
  );
}

function NoImages() {
  return (
    <EmptyState
      icon={<Layers />}
      title="No image yet"
      action={
        <>
          <ButtonLink href="/specs" variant="primary">
            Build a spec
          </ButtonLink>
          <ButtonLink href="/registries">Read a registry</ButtonLink>
        </>
      }
    >
      Every image that is built here, that a task names or that is found in one
      of your registries appears with its digest, its layers and whether anyone
      can pull it.
    </EmptyState>
  );
}
