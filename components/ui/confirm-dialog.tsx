'use client';
import { AlertDialog as Base } from '@base-ui/react/alert-dialog';
import { type ReactElement, type ReactNode, useState } from 'react';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/cn';
import { POPUP, VEIL, VIEWPORT } from '@/components/ui/dialog';
import { ErrorNotice } from '@/components/ui/error-notice';
import type { ErrorView } from '@/lib/errors';
import { errorView } from '@/lib/queries/fetch-json';

/**
 * Asks before something that cannot be taken back. `children` say what will happen; the button repeats the verb of the
 * title. Stays open, with the failure in it, when `onConfirm` rejects.
 */
export function ConfirmDialog({
  title,
  children,
  confirmLabel,
  cancelLabel = 'Keep it',
  isDestructive = true,
  onConfirm,
  trigger,
  isOpen: isOpenOutside,
  onOpenChange,
}: {
  title: ReactNode;
  children: ReactNode;
  confirmLabel: string;
  cancelLabel?: string;
  isDestructive?: boolean;
  onConfirm: () => Promise<unknown>;
  trigger?: ReactElement;
  isOpen?: boolean;
  onOpenChange?: (isOpen: boolean) => void;
}) {
  const [isOpenInside, setIsOpenInside] = useState(false);
  const [isPending, setIsPending] = useState(false);
  const [failure, setFailure] = useState<ErrorView | null>(null);

  const setOpen = (open: boolean) => {
    // The work cannot be called back, so the dialog stays until it is known how it ended.
    if (isPending && !open) return;
    if (open) setFailure(null);
    setIsOpenInside(open);
    onOpenChange?.(open);
  };
  const confirm = async () => {
    setIsPending(true);
    setFailure(null);
    try {
      await onConfirm();
      setIsOpenInside(false);
      onOpenChange?.(false);
    } catch (error) {
      setFailure(errorView(error));
    } finally {
      setIsPending(false);
    }
  };

  return (
    <Base.Root open={isOpenOutside ?? isOpenInside} onOpenChange={setOpen}>
      {trigger && <Base.Trigger render={trigger} />}
      <Base.Portal>
        <Base.Backdrop className={VEIL} />
        <Base.Viewport className={VIEWPORT}>
          <Base.Popup className={cn(POPUP, 'max-w-md')}>
            <div className="px-4 pt-3.5 pb-4">
              <Base.Title className="text-md font-semibold">{title}</Base.Title>
              <Base.Description render={<div />} className="mt-1 text-ink-2">
                {children}
              </Base.Description>
              {failure && <ErrorNotice error={failure} className="mt-3" />}
            </div>
            <div className="flex flex-wrap justify-end gap-2 border-t px-4 py-3">
              <Base.Close
                render={
                  <Button disabledReason={isPending && 'It has begun.'}>
                    {cancelLabel}
                  </Button>
                }
              />
              <Button
                variant={isDestructive ? 'destroy' : 'primary'}
                isPending={isPending}
                onClick={() => void confirm()}
              >
                {confirmLabel}
              </Button>
            </div>
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  );
}
