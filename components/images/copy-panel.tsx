'use client';
import { useQuery } from '@tanstack/react-query';
import { Square } from 'lucide-react';
import { CopyChip } from '@/components/images/copy-chip';
import { Button, ButtonLink } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { CodeBlock } from '@/components/ui/code-block';
import { Digest } from '@/components/ui/digest';
import { ErrorNotice } from '@/components/ui/error-notice';
import { KeyValue, KeyValues } from '@/components/ui/facts';
import { formatBytes } from '@/components/ui/format';
import { TextLink } from '@/components/ui/link';
import { Notice } from '@/components/ui/notice';
import { PageHeader } from '@/components/ui/page-header';
import { ProgressBar } from '@/components/ui/progress-bar';
import { Time } from '@/components/ui/time';
import { showFailure } from '@/components/ui/toast';
import { inventoryQueries, useCancelCopy } from '@/lib/queries/inventory';
import { type CopyProgressView, isUnderWay } from '@/lib/registry/inventory';
import type { CopyView } from '@/lib/registry/inventory-views';

/** A copy while it goes and after: how far it is, how to stop it, where it ended up. Seed `inventoryKeys.copy`. */
export function CopyPanel({ copyId }: { copyId: string }) {
  const { data: copy } = useQuery(inventoryQueries.copy(copyId));
  const cancel = useCancelCopy();
  if (!copy) return null;
  const keptTags = copy.progress?.keptTags ?? [];
  const target = `${copy.to.repository}${copy.tag === null ? '' : `:${copy.tag}`}`;
  return (
    <>
      <PageHeader
        crumbs={[
          { label: 'Images', href: '/images' },
          {
            label: copy.from.repository,
            href: `/images/${copy.from.repositoryId}`,
          },
        ]}
        title="Copy"
        status={<CopyChip copy={copy} />}
        actions={
          isUnderWay(copy.state) && (
            <Button
              icon={<Square aria-hidden />}
              isPending={cancel.isPending || copy.isCancelling}
              onClick={() =>
                cancel.mutate({ copyId }, { onError: showFailure })
              }
            >
              Cancel
            </Button>
          )
        }
      />
      <Outcome copy={copy} target={target} />
      {keptTags.length > 0 && <KeptTags tags={keptTags} />}
      <Card className="mt-3">
        <KeyValues>
          <KeyValue label="From">
            <TextLink
              href={`/images/${copy.from.repositoryId}/${copy.digest}`}
              className="font-mono text-xs wrap-anywhere"
            >
              {copy.from.repository}
            </TextLink>
          </KeyValue>
          <KeyValue label="To">
            <TextLink
              href={`/images/${copy.to.repositoryId}`}
              className="font-mono text-xs wrap-anywhere"
            >
              {target}
            </TextLink>
          </KeyValue>
          <KeyValue label="Digest">
            <Digest value={copy.digest} />
          </KeyValue>
          <KeyValue label="Signatures and SBOMs">{referrersOf(copy)}</KeyValue>
          <KeyValue label="Asked by">
            {copy.requestedBy ?? 'someone who left'}
          </KeyValue>
          <KeyValue label="Begun">
            <Time at={copy.startedAt ?? copy.createdAt} />
          </KeyValue>
        </KeyValues>
      </Card>
    </>
  );
}

function referrersOf({ withReferrers, progress }: CopyView): string {
  if (!withReferrers) return 'left out';
  const count = progress?.referrers;
  if (count === undefined || progress?.phase === 'reading') return 'with it';
  return count === 0 ? 'none found' : `${count} with it`;
}

/** Tags at the target that say something else, and were not overwritten. */
function KeptTags({ tags }: { tags: readonly string[] }) {
  return (
    <Notice
      tone="warn"
      className="mt-3"
      title={
        tags.length === 1
          ? 'A tag of cosign’s was left as it is at the target'
          : `${tags.length} tags of cosign’s were left as they are at the target`
      }
    >
      It has signatures, attestations or SBOMs of its own for this image. The
      ones of the source are there by digest, without the tag.
      <ul className="mt-1 font-mono text-xs break-all">
        {tags.map((tag) => (
          <li key={tag}>{tag}</li>
        ))}
      </ul>
    </Notice>
  );
}

function Outcome({ copy, target }: { copy: CopyView; target: string }) {
  if (copy.state === 'failed' && copy.failure)
    return <ErrorNotice error={copy.failure} />;
  if (copy.state === 'cancelled')
    return (
      <Notice title="The copy was cancelled.">
        No tag was made. Layers that had gone over stay in the registry until it
        clears them away; a new copy does not send them again.
      </Notice>
    );
  if (copy.state === 'done')
    return (
      <Notice
        tone="good"
        title={`The image is at ${target}.`}
        actions={
          <ButtonLink
            variant="primary"
            href={`/images/${copy.to.repositoryId}/${copy.digest}`}
          >
            Open the copy
          </ButtonLink>
        }
      >
        <CodeBlock
          text={`${copy.to.repository}@${copy.digest}`}
          label="Pinned reference"
          className="mt-1"
        />
      </Notice>
    );
  return <Progress progress={copy.progress} />;
}

const PHASES: Record<CopyProgressView['phase'], string> = {
  reading: 'Reading what belongs to the image',
  blobs: 'Copying layers',
  manifests: 'Putting the manifests there',
  done: 'Done',
};

function Progress({ progress }: { progress: CopyProgressView | null }) {
  const bytes = progress?.bytes ?? { done: 0, total: 0 };
  return (
    <Card title={progress ? PHASES[progress.phase] : 'Waiting for its turn'}>
      <div className="grid gap-2" role="status">
        <ProgressBar
          value={bytes.total === 0 ? 0 : bytes.done / bytes.total}
          label="Bytes copied"
        />
        {progress && bytes.total > 0 && (
          <p className="text-ink-2 tabular-nums">
            {formatBytes(bytes.done)} of {formatBytes(bytes.total)} ·{' '}
            {progress.blobs.done} of {progress.blobs.total} blobs ·{' '}
            {progress.manifests.done} of {progress.manifests.total} manifests
          </p>
        )}
      </div>
    </Card>
  );
}
