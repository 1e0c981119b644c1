'use client';
import { useQuery } from '@tanstack/react-query';
import { type ReactElement, useState } from 'react';
import { DeleteDialog } from '@/components/images/act-dialog';
import { ConfirmName } from '@/components/images/confirm-name';
import { OffersNote } from '@/components/images/impact-list';
import { TextLink } from '@/components/ui/link';
import { inventoryQueries, useDeleteTag } from '@/lib/queries/inventory';
import type { RepositoryView } from '@/lib/registry/inventory-views';

/** Deletes one tag, after saying who follows it. The image stays. */
export function DeleteTagDialog({
  repository,
  tag,
  digest,
  trigger,
}: {
  repository: RepositoryView;
  tag: string;
  digest: string;
  trigger: ReactElement;
}) {
  const [isOpen, setOpen] = useState(false);
  const [confirmation, setConfirmation] = useState('');
  const remove = useDeleteTag();
  const { data, error } = useQuery({
    ...inventoryQueries.impact(repository.id, digest),
    enabled: isOpen,
  });
  const followers = (data?.tasks ?? []).filter((task) => task.tag === tag);
  const isConfirmed =
    followers.length === 0 || confirmation.trim() === repository.name;
  const others = (data?.tags ?? []).filter((name) => name !== tag);
  return (
    <DeleteDialog
      title={`Delete the tag ${tag}?`}
      trigger={trigger}
      isOpen={isOpen}
      onOpenChange={(open) => {
        remove.reset();
        setConfirmation('');
        setOpen(open);
      }}
      isLoading={!data && !error}
      failure={remove.error ?? error}
      blockedBy={!isConfirmed && 'Tasks follow it.'}
      isPending={remove.isPending}
      onDelete={() =>
        remove.mutate(
          { repositoryId: repository.id, tag, confirmation },
          { onSuccess: () => setOpen(false) },
        )
      }
    >
      <p className="text-ink-2">
        The{' '}
        <TextLink href={`/images/${repository.id}/${digest}`}>
          image it points to
        </TextLink>{' '}
        stays
        {others.length > 0
          ? `, under ${others.length === 1 ? 'its other tag' : `its ${others.length} other tags`}.`
          : ', without a tag. Many registries clear such images away after a while.'}
      </p>
      <p className="text-ink-2">
        {followers.length === 0
          ? 'No imported task follows this tag.'
          : `${followers.map(({ name }) => name).join(', ')} ${followers.length === 1 ? 'follows' : 'follow'} it.`}
      </p>
      <OffersNote offers={repository.offers} isTag />
      <ConfirmName
        taskCount={followers.length}
        name={repository.name}
        mayOverride={data?.mayOverride ?? false}
        value={confirmation}
        onChange={setConfirmation}
      />
    </DeleteDialog>
  );
}
