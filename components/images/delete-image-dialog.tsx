'use client';
import { useQuery } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { type ReactElement, useState } from 'react';
import { DeleteDialog } from '@/components/images/act-dialog';
import { ConfirmName } from '@/components/images/confirm-name';
import { ImpactList, OffersNote } from '@/components/images/impact-list';
import { Switch } from '@/components/ui/switch';
import { inventoryQueries, useDeleteImage } from '@/lib/queries/inventory';
import type { ImpactView } from '@/lib/registry/inventory-views';

/** Deletes a digest with its tags, after saying what else points to it. */
export function DeleteImageDialog({
  repositoryId,
  digest,
  trigger,
}: {
  repositoryId: string;
  digest: string;
  trigger: ReactElement;
}) {
  const router = useRouter();
  const [isOpen, setOpen] = useState(false);
  const [confirmation, setConfirmation] = useState('');
  const [withParts, setWithParts] = useState(true);
  const remove = useDeleteImage();
  const { data, error } = useQuery({
    ...inventoryQueries.impact(repositoryId, digest),
    enabled: isOpen,
  });
  return (
    <DeleteDialog
      title="Delete this image?"
      trigger={trigger}
      isOpen={isOpen}
      onOpenChange={(open) => {
        remove.reset();
        setConfirmation('');
        setOpen(open);
      }}
      isLoading={!data && !error}
      failure={remove.error ?? error}
      blockedBy={data ? blockOf(data, confirmation) : false}
      isPending={remove.isPending}
      onDelete={() =>
        remove.mutate(
          { repositoryId, digest, withParts, confirmation },
          {
            onSuccess: () => {
              setOpen(false);
              router.push(`/images/${repositoryId}`);
            },
          },
        )
      }
    >
      {data && (
        <>
          <ImpactList impact={data} repositoryId={repositoryId} />
          {data.parts.length > 0 && (
            <Switch
              label={`Its ${data.parts.length} parts too`}
              hint={partsHint(data)}
              checked={withParts}
              onChange={setWithParts}
            />
          )}
          <OffersNote offers={data.offers} isTag={false} />
          <ConfirmName
            taskCount={data.tasks.length}
            name={data.repository}
            mayOverride={data.mayOverride}
            value={confirmation}
            onChange={setConfirmation}
          />
        </>
      )}
    </DeleteDialog>
  );
}

function blockOf(impact: ImpactView, confirmation: string): string | false {
  if (impact.indexes.length > 0)
    return 'An index needs it: delete the index instead, with its parts.';
  const isConfirmed =
    impact.tasks.length === 0 || confirmation.trim() === impact.repository;
  return !isConfirmed && 'Tasks run on it.';
}

function partsHint({ parts }: ImpactView): string {
  const shared = parts.filter(({ isShared }) => isShared).length;
  if (shared === 0) return 'Platforms and attestations that only it names.';
  return shared === 1
    ? 'One of them stays: another index or a tag needs it.'
    : `${shared} of them stay: other indexes or tags need them.`;
}
