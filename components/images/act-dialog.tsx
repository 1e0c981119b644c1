'use client';
import type { ReactElement, ReactNode } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog, DialogClose } from '@/components/ui/dialog';
import { ErrorNotice } from '@/components/ui/error-notice';
import { Spinner } from '@/components/ui/spinner';
import { errorView } from '@/lib/queries/fetch-json';

/** A deletion that first says what it would touch. `children` are that, once it is known. */
export function DeleteDialog({
  title,
  trigger,
  isOpen,
  onOpenChange,
  isLoading,
  failure,
  blockedBy,
  isPending,
  onDelete,
  children,
}: {
  title: string;
  trigger: ReactElement;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  isLoading: boolean;
  failure: unknown;
  /** Why it cannot be deleted now. */
  blockedBy: string | false;
  isPending: boolean;
  onDelete: () => void;
  children: ReactNode;
}) {
  return (
    <Dialog
      title={title}
      description="It cannot be brought back from here."
      trigger={trigger}
      isOpen={isOpen}
      onOpenChange={(open) => {
        if (!isPending) onOpenChange(open);
      }}
      footer={
        <>
          <DialogClose>Keep it</DialogClose>
          <Button
            variant="destroy"
            isPending={isPending}
            disabledReason={
              isLoading ? 'Looking what points to it.' : blockedBy
            }
            onClick={onDelete}
          >
            Delete it
          </Button>
        </>
      }
    >
      <div className="grid gap-3">
        {isLoading ? (
          <p className="flex items-center gap-2 text-ink-2">
            <Spinner /> Looking what points to it…
          </p>
        ) : (
          children
        )}
        {failure != null && <ErrorNotice error={errorView(failure)} />}
      </div>
    </Dialog>
  );
}
