'use client';
import { Box, RefreshCw } from 'lucide-react';
import { imageHref } from '@/components/builds/published-card';
import { VerdictChip } from '@/components/images/verdict-chip';
import { DEFAULT_FROM, DefaultWhy } from '@/components/projects/default-why';
import { LimitNote } from '@/components/registries/limit-note';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Chip } from '@/components/ui/chip';
import { CopyButton } from '@/components/ui/copy-button';
import { Digest } from '@/components/ui/digest';
import { ErrorNotice } from '@/components/ui/error-notice';
import { KeyValue, KeyValues } from '@/components/ui/facts';
import { formatBytes } from '@/components/ui/format';
import { TextLink } from '@/components/ui/link';
import { Time } from '@/components/ui/time';
import type { DefaultImageView, ProjectView } from '@/lib/build/project-views';
import { errorView } from '@/lib/queries/fetch-json';
import { useCheckProjectImage } from '@/lib/queries/projects';
import { parseReference } from '@/lib/registry/reference';

/** The image of the project's tasks that name none, with all that is known of it. */
export function DefaultImageCard({ project }: { project: ProjectView }) {
  const { image } = project;
  const check = useCheckProjectImage();
  return (
    <Card
      icon={<Box aria-hidden />}
      title="Default image"
      actions={
        <Button
          size="sm"
          icon={<RefreshCw aria-hidden />}
          isPending={check.isPending}
          onClick={() => check.mutate({ projectId: project.id })}
        >
          Check now
        </Button>
      }
    >
      <div className="grid gap-2">
        <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <span className="font-mono text-xs wrap-anywhere">
            {image.reference}
          </span>
          <CopyButton text={image.reference} label="Copy the reference" />
          <Chip look="hollow">{DEFAULT_FROM[image.from]}</Chip>
        </div>
        <p data-prose className="text-ink-2">
          <DefaultWhy
            from={image.from}
            flytekitVersion={project.flytekitVersion}
          />{' '}
          A registration that names another, with <code>--image</code>, has the
          last word.
        </p>
        <ImageFacts image={image} />
        <LimitNote
          hosts={[parseReference(image.reference).registry]}
          spending="check"
        />
        {check.error && <ErrorNotice error={errorView(check.error)} />}
      </div>
    </Card>
  );
}

function ImageFacts({ image }: { image: DefaultImageView }) {
  const { access, image: known } = image;
  return (
    <KeyValues className="border-t pt-2">
      <KeyValue label="Can anyone pull it">
        <span aria-live="polite">
          <VerdictChip verdict={access?.verdict ?? null} />
        </span>
      </KeyValue>
      <KeyValue label="Last checked">
        {access ? <Time at={access.checkedAt} /> : 'never'}
      </KeyValue>
      <KeyValue label="Digest now">
        <DefaultDigest image={image} />
      </KeyValue>
      {image.tag !== null && (
        <KeyValue label="Tag looked at">
          {image.lookedAt ? <Time at={image.lookedAt} /> : 'not yet'}
        </KeyValue>
      )}
      {known && (
        <KeyValue label="Platform, size">
          {known.platform ??
            (known.kind === 'index' ? 'several (index)' : 'unknown')}
          {known.sizeBytes !== null && `, ${formatBytes(known.sizeBytes)}`}
        </KeyValue>
      )}
      {known?.build && (
        <KeyValue label="Built by">
          <TextLink href={`/builds/${known.build.id}`}>
            {known.build.specName} #{known.build.number}
          </TextLink>
        </KeyValue>
      )}
    </KeyValues>
  );
}

/** The digest behind a default image; a link once that image has a page. */
export function DefaultDigest({ image }: { image: DefaultImageView }) {
  const { digest, repositoryId, image: known, lookedAt } = image;
  if (digest === null)
    return (
      <span className="text-ink-3">
        {lookedAt === null ? 'not looked up yet' : 'no such tag'}
      </span>
    );
  return (
    <span className="inline-flex flex-wrap items-center gap-1">
      <Digest
        value={digest}
        {...(known && repositoryId !== null
          ? { href: imageHref(repositoryId, digest) }
          : {})}
      />
      {known?.goneAt && (
        <Chip tone="bad" title="The registry no longer has this digest.">
          gone
        </Chip>
      )}
    </span>
  );
}
