'use client';
import { Trash2 } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import type { RecordItemView } from '@/lib/build/record-views';
import { useDeleteRecord } from '@/lib/queries/records';

/** Deletes an imported build, for who imported it and owners. */
export function DeleteRecord({
  item: { id, specName, number, canDelete },
  size = 'md',
  onDeleted,
}: {
  item: RecordItemView;
  size?: 'md' | 'sm';
  onDeleted?: () => void;
}) {
  const deletion = useDeleteRecord();
  const name = `${specName} #${number}`;
  return (
    <ConfirmDialog
      title={`Delete the imported build ${name}?`}
      confirmLabel="Delete it"
      onConfirm={async () => {
        await deletion.mutateAsync({ recordId: id });
        onDeleted?.();
      }}
      trigger={
        <Button
          size={size}
          variant="danger"
          icon={<Trash2 aria-hidden />}
          aria-label={`Delete ${name}`}
          disabledReason={
            !canDelete &&
            'Only who imported it, or an owner of the team, may delete it.'
          }
        >
          Delete
        </Button>
      }
    >
      It and its log are gone here. The build itself, where it was exported,
      stays.
    </ConfirmDialog>
  );
}
