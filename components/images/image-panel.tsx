'use client';
import { useQuery } from '@tanstack/react-query';
import { RefreshCw } from 'lucide-react';
import type { ReactNode } from 'react';
import { AccessHistory } from '@/components/images/access-history';
import { AccessCard } from '@/components/images/access-card';
import { ImageDetails } from '@/components/images/image-details';
import { ImagePackages } from '@/components/images/image-packages';
import { ImageActions } from '@/components/images/image-actions';
import { KindOrPlatforms } from '@/components/images/image-table';
import { LayerTable } from '@/components/images/layer-table';
import { RelatedTable } from '@/components/images/related-table';
import { TagChips } from '@/components/images/tag-chips';
import { TagHistory } from '@/components/images/tag-history';
import { UseCard } from '@/components/images/use-card';
import { VerdictChip } from '@/components/images/verdict-chip';
import { Button } from '@/components/ui/button';
import { Columns, Section } from '@/components/ui/card';
import { Chip } from '@/components/ui/chip';
import { CopyButton } from '@/components/ui/copy-button';
import { Fact, Facts } from '@/components/ui/facts';
import { formatBytes } from '@/components/ui/format';
import { TextLink } from '@/components/ui/link';
import { Notice } from '@/components/ui/notice';
import { PageHeader } from '@/components/ui/page-header';
import { Time } from '@/components/ui/time';
import { showFailure } from '@/components/ui/toast';
import { imageQueries, useTagRefresh } from '@/lib/queries/images';
import type { ImageView } from '@/lib/registry/views';

type PanelProps = { repositoryId: string; digest: string; tasks: ReactNode };

export function ImagePanel({ repositoryId, digest, tasks }: PanelProps) {
  const { data: image } = useQuery(imageQueries.detail(repositoryId, digest));
  const refresh = useTagRefresh();
  if (!image) return null;
  const name =
    image.repository.split('/').slice(1).join('/') || image.repository;
  return (
    <>
      <PageHeader
        crumbs={[
          { label: 'Images', href: '/images' },
          { label: image.repository, href: `/images/${repositoryId}` },
        ]}
        title={name}
        status={
          <>
            <VerdictChip verdict={image.verdict} />
            <MovedTags image={image} />
          </>
        }
        actions={
          <>
            <Button
              icon={<RefreshCw />}
              isPending={refresh.isPending}
              onClick={() =>
                refresh.mutate({ repositoryId }, { onError: showFailure })
              }
            >
              Look at tags now
            </Button>
            <ImageActions image={image} />
          </>
        }
      >
        <span className="inline-flex max-w-full items-start gap-0.5">
          <span className="min-w-0 font-mono text-xs leading-6 break-all">
            {image.repository}@{image.digest}
          </span>
          <CopyButton
            text={`${image.repository}@${image.digest}`}
            label="Copy the pinned reference"
          />
        </span>
      </PageHeader>
      {image.goneAt && (
        <Notice
          tone="bad"
          title="This image is not in the registry any more."
          className="mb-3"
        >
          It was last seen <Time at={image.lastSeenAt} />. Tasks pinned to it
          cannot start.
        </Notice>
      )}
      <ImageFacts image={image} />
      <div className="mt-4">
        <Columns>
          <AccessCard image={image} />
          <div className="grid gap-4">
            {tasks}
            <UseCard image={image} />
          </div>
        </Columns>
      </div>
      <ImageRelations image={image} />
      {image.layers.length > 0 && (
        <Section title="Layers">
          <LayerTable layers={image.layers} />
        </Section>
      )}
      {image.build && (
        <Section title="Packages">
          <ImagePackages repositoryId={repositoryId} digest={digest} />
        </Section>
      )}
      {image.run && (
        <Section title="Configuration">
          <ImageDetails run={image.run} labels={image.labels} />
        </Section>
      )}
      {image.accessChanges.length > 0 && (
        <Section title="History of access">
          <AccessHistory changes={image.accessChanges} />
        </Section>
      )}
      {image.tagMoves.length > 0 && (
        <Section title="Tag history">
          <TagHistory image={image} />
        </Section>
      )}
    </>
  );
}

/** Tags that pointed here and point elsewhere now. */
function MovedTags({ image }: { image: ImageView }) {
  const moved = new Set(
    image.tagMoves
      .filter(
        ({ from, tag }) => from === image.digest && !image.tags.includes(tag),
      )
      .map(({ tag }) => tag),
  );
  return [...moved].slice(0, 3).map((tag) => (
    <Chip key={tag} tone="warn" title={`The tag ${tag} points elsewhere now.`}>
      {tag} moved on
    </Chip>
  ));
}

/** The images that this one consists of, is part of, or is described by. */
function ImageRelations({ image }: { image: ImageView }) {
  const { repositoryId, parts, indexes, referrers } = image;
  const relations = [
    { title: 'Platforms', related: parts, isAbout: false },
    { title: 'Part of', related: indexes, isAbout: false },
    { title: 'Attestations and signatures', related: referrers, isAbout: true },
  ];
  return relations.map(
    ({ title, ...relation }) =>
      relation.related.length > 0 && (
        <Section key={title} title={title}>
          <RelatedTable
            label={title}
            repositoryId={repositoryId}
            {...relation}
          />
        </Section>
      ),
  );
}

function ImageFacts({ image }: { image: ImageView }) {
  return (
    <Facts>
      <Fact label="Tags here now">
        <TagChips tags={image.tags} max={12} />
      </Fact>
      <Fact label="Platform">
        <KindOrPlatforms image={image} />
      </Fact>
      <Fact label="Size to pull">
        {image.sizeBytes === null ? '–' : formatBytes(image.sizeBytes)}
      </Fact>
      <Fact label="Built by">
        {image.build ? (
          <TextLink href={`/builds/${image.build.id}`}>
            {image.build.specName} #{image.build.number}
          </TextLink>
        ) : (
          <span className="text-ink-3">not built here</span>
        )}
      </Fact>
      <Fact label="Registry">
        {image.registry ? (
          <TextLink href={`/registries/${image.registry.id}`}>
            {image.registry.name}
          </TextLink>
        ) : (
          <span className="text-ink-3">none of yours</span>
        )}
      </Fact>
      <Fact label="First seen">
        <Time at={image.firstSeenAt} />
      </Fact>
    </Facts>
  );
}
