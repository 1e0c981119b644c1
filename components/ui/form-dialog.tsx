'use client';
import { type ReactElement, type ReactNode, useState } from 'react';
import { Dialog } from '@/components/ui/dialog';

/** A dialog around a form that begins anew each time it opens. `children` get what closes it. */
export function FormDialog({
  title,
  description,
  trigger,
  isWide = false,
  children,
}: {
  title: ReactNode;
  description?: ReactNode;
  trigger: ReactElement;
  isWide?: boolean;
  children: (close: () => void) => ReactNode;
}) {
  const [isOpen, setOpen] = useState(false);
  return (
    <Dialog
      title={title}
      {...(description === undefined ? {} : { description })}
      trigger={trigger}
      isOpen={isOpen}
      onOpenChange={setOpen}
      isWide={isWide}
    >
      {children(() => setOpen(false))}
    </Dialog>
  );
}
