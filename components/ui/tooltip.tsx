'use client';
import { Tooltip as Base } from '@base-ui/react/tooltip';
import type { ReactElement, ReactNode } from 'react';

/** Names what an icon stands for, or shows the whole of a shortened value. `children` is one focusable element. */
export function Tooltip({
  text,
  children,
  side = 'top',
}: {
  text: ReactNode;
  children: ReactElement;
  side?: 'top' | 'bottom' | 'right';
}) {
  return (
    <Base.Root>
      <Base.Trigger render={children} />
      <Base.Portal>
        <Base.Positioner
          side={side}
          sideOffset={6}
          collisionPadding={8}
          className="z-50"
        >
          <Base.Popup className="max-w-[min(36rem,calc(100vw-1rem))] rounded-md border border-line-strong bg-popup px-2 py-1 text-xs break-all text-ink shadow-popup transition-opacity data-ending-style:opacity-0 data-instant:transition-none data-starting-style:opacity-0">
            {text}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

/** Once one tooltip is open its neighbours open without delay. Stands in the root layout. */
export const TooltipProvider = Base.Provider;
