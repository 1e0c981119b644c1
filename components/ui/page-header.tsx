import { ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';
import { TextLink } from '@/components/ui/link';

type Crumb = { label: ReactNode; href: string };

/** Where the page stands, what it is about, its state, and what can be done. `crumbs` are the pages above, not this one. */
export function PageHeader({
  crumbs = [],
  title,
  status,
  children,
  actions,
}: {
  crumbs?: readonly Crumb[];
  title: ReactNode;
  status?: ReactNode;
  /** One line below the title: tags, origin, size. */
  children?: ReactNode;
  actions?: ReactNode;
}) {
  return (
    <header className="mb-4">
      {crumbs.length > 0 && (
        <nav aria-label="Breadcrumb" className="mb-0.5">
          <ol className="flex flex-wrap items-center gap-x-1 text-ink-3">
            {crumbs.map((crumb, index) => (
              <li key={crumb.href} className="flex min-w-0 items-center gap-1">
                {index > 0 && (
                  <ChevronRight aria-hidden className="size-3 shrink-0" />
                )}
                <TextLink href={crumb.href} className="truncate">
                  {crumb.label}
                </TextLink>
              </li>
            ))}
          </ol>
        </nav>
      )}
      <div className="flex min-h-7 flex-wrap items-center gap-x-3 gap-y-2">
        <h1 className="min-w-0 text-xl font-semibold tracking-tight break-words">
          {title}
        </h1>
        {status !== undefined && (
          <div className="flex flex-wrap items-center gap-2">{status}</div>
        )}
        {actions !== undefined && (
          <div className="flex flex-wrap items-center gap-2 sm:ml-auto">
            {actions}
          </div>
        )}
      </div>
      {children !== undefined && (
        <div
          data-prose
          className="mt-1 flex flex-wrap items-center gap-x-2 gap-y-1 text-ink-2"
        >
          {children}
        </div>
      )}
    </header>
  );
}
