'use client';
import { Collapsible } from '@base-ui/react/collapsible';
import { ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';
import { cn } from '@/components/ui/cn';

/** Something most people do not need at once, one click away. The browser's own search finds it while it is closed. */
export function Disclosure({
  summary,
  isOpenAtFirst = false,
  className,
  children,
}: {
  summary: ReactNode;
  isOpenAtFirst?: boolean;
  className?: string;
  children: ReactNode;
}) {
  return (
    <Collapsible.Root
      defaultOpen={isOpenAtFirst}
      className={cn('min-w-0', className)}
    >
      <Collapsible.Trigger className="group -ml-0.5 inline-flex min-h-7 items-center gap-1 rounded-sm pr-1 text-left text-ink-2 hover:text-ink">
        <ChevronRight
          aria-hidden
          className="size-3.5 shrink-0 transition-transform group-data-panel-open:rotate-90"
        />
        {summary}
      </Collapsible.Trigger>
      <Collapsible.Panel hiddenUntilFound className="[&:not([hidden])]:pt-2">
        {children}
      </Collapsible.Panel>
    </Collapsible.Root>
  );
}
