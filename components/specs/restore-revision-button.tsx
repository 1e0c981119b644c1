'use client';
import { RotateCcw } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { Button } from '@/components/ui/button';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import { useRestoreRevision } from '@/lib/queries/specs';

/** Makes an earlier revision the next one, as it is. */
export function RestoreRevisionButton({
  specId,
  number,
  newest,
}: {
  specId: string;
  number: number;
  newest: number;
}) {
  const router = useRouter();
  const restore = useRestoreRevision();
  return (
    <ConfirmDialog
      title={`Restore revision ${number}?`}
      confirmLabel={`Save it as revision ${newest + 1}`}
      isDestructive={false}
      cancelLabel="Not now"
      onConfirm={async () => {
        await restore.mutateAsync({ specId, number, baseRevision: newest });
        router.push(`/specs/${specId}`);
      }}
      trigger={<Button icon={<RotateCcw aria-hidden />}>Restore</Button>}
    >
      What it asks for is saved again as the newest revision. Revision {newest}{' '}
      and all others stay as they are.
    </ConfirmDialog>
  );
}
