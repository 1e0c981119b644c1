'use client';
import { Dialog as Base } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import type { ReactElement, ReactNode } from 'react';
import { Button } from '@/components/ui/button';
import { cn } from '@/components/ui/cn';

export const VEIL =
  'bg-veil fixed inset-0 min-h-dvh transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0 supports-[-webkit-touch-callout:none]:absolute';
export const VIEWPORT =
  'fixed inset-0 flex items-start justify-center overflow-y-auto p-4 sm:pt-[12vh]';
export const POPUP =
  'bg-popup text-ink shadow-dialog w-full rounded-lg border outline-none transition-[opacity,scale] data-ending-style:scale-[0.98] data-ending-style:opacity-0 data-starting-style:scale-[0.98] data-starting-style:opacity-0';

/**
 * A window over the page for one task. Opened by `trigger`, or from outside with `isOpen`. The content stands in
 * `children`, its buttons in `footer`.
 */
export function Dialog({
  title,
  description,
  trigger,
  isOpen,
  onOpenChange,
  isWide = false,
  footer,
  children,
}: {
  title: ReactNode;
  description?: ReactNode;
  trigger?: ReactElement;
  isOpen?: boolean;
  onOpenChange?: (isOpen: boolean) => void;
  isWide?: boolean;
  footer?: ReactNode;
  children: ReactNode;
}) {
  return (
    <Base.Root
      {...(isOpen === undefined ? {} : { open: isOpen })}
      onOpenChange={(open) => onOpenChange?.(open)}
    >
      {trigger && <Base.Trigger render={trigger} />}
      <Base.Portal>
        <Base.Backdrop className={VEIL} />
        <Base.Viewport className={VIEWPORT}>
          <Base.Popup className={cn(POPUP, isWide ? 'max-w-3xl' : 'max-w-md')}>
            <div className="flex items-start gap-3 px-4 pt-3">
              <div className="min-w-0 flex-1">
                <Base.Title className="text-md font-semibold">
                  {title}
                </Base.Title>
                {description !== undefined && (
                  <Base.Description className="text-ink-2">
                    {description}
                  </Base.Description>
                )}
              </div>
              <Base.Close
                render={
                  <Button
                    variant="ghost"
                    icon={<X aria-hidden />}
                    aria-label="Close"
                    className="-mr-1.5"
                  />
                }
              />
            </div>
            <div className="px-4 py-3">{children}</div>
            {footer !== undefined && (
              <div className="flex flex-wrap justify-end gap-2 border-t px-4 py-3">
                {footer}
              </div>
            )}
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  );
}

/** Closes the dialog it stands in. */
export function DialogClose({ children }: { children: ReactNode }) {
  return <Base.Close render={<Button>{children}</Button>} />;
}
