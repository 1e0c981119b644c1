import type { ReactNode } from 'react';

/** What stands where nothing is yet: an icon, one sentence, and the step that changes it. */
export function EmptyState({
  icon,
  title,
  children,
  action,
}: {
  icon: ReactNode;
  title: ReactNode;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className="flex flex-col items-center gap-1 rounded-lg border border-dashed border-line-strong px-6 py-10 text-center">
      <span
        aria-hidden
        className="mb-1 text-ink-3 [&>svg]:size-6 [&>svg]:stroke-[1.5]"
      >
        {icon}
      </span>
      <p className="font-semibold">{title}</p>
      {children !== undefined && (
        <div data-prose className="max-w-[28rem] text-balance text-ink-2">
          {children}
        </div>
      )}
      {action !== undefined && (
        <div className="mt-3 flex flex-wrap justify-center gap-2">{action}</div>
      )}
    </div>
  );
}
