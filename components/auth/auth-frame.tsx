import type { ReactNode } from 'react';
import { Mark } from '@/components/shell/mark';

/** The frame of the pages outside the dashboard: one card in the middle, the mark above it. */
export function AuthFrame({
  title,
  lead,
  children,
  footer,
}: {
  title: ReactNode;
  lead?: ReactNode;
  children?: ReactNode;
  footer?: ReactNode;
}) {
  return (
    <main className="flex min-h-dvh flex-col items-center px-4 pt-[max(1.5rem,14dvh)] pb-10">
      <div className="w-full max-w-[24rem]">
        <p className="mb-4 flex items-center justify-center gap-2 text-md font-semibold tracking-tight">
          <Mark className="size-6" />
          Imageyard
        </p>
        <div className="rounded-lg border bg-panel p-5">
          <h1 className="text-xl font-semibold tracking-tight">{title}</h1>
          {lead !== undefined && <p className="mt-0.5 text-ink-2">{lead}</p>}
          {children !== undefined && <div className="mt-4">{children}</div>}
        </div>
        {footer && (
          <p className="mt-4 px-5 text-center text-xs text-balance text-ink-3">
            {footer}
          </p>
        )}
      </div>
    </main>
  );
}
