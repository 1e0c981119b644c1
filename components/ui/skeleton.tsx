import { cn } from '@/components/ui/cn';

/** Holds the room of what is still being read. Give it the size of what will stand there. */
export function Skeleton({ className }: { className?: string }) {
  return (
    <span
      aria-hidden
      className={cn(
        'block h-3 animate-breathe rounded-sm bg-active',
        className,
      )}
    />
  );
}

const WIDTHS = ['w-32', 'w-24', 'w-40', 'w-28', 'w-36'] as const;

/** Rows of a table before they are here, at the same 36 px. */
export function TableSkeleton({
  rows = 5,
  columns = 4,
}: {
  rows?: number;
  columns?: number;
}) {
  return (
    <div
      role="status"
      aria-label="Loading"
      className="divide-y divide-line rounded-lg border bg-panel"
    >
      <div className="h-7" />
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className="flex h-9 items-center gap-6 px-3">
          {Array.from({ length: columns }, (_unused, column) => (
            <div key={column} className="min-w-0 flex-1">
              <Skeleton
                className={cn(
                  'max-w-full',
                  WIDTHS[(row + column * 2) % WIDTHS.length],
                )}
              />
            </div>
          ))}
        </div>
      ))}
    </div>
  );
}
