import { cn } from '@/components/ui/cn';

/** Imageyard's mark: three containers stacked in a yard. */
export function Mark({ className }: { className?: string }) {
  return (
    <svg
      viewBox="0 0 20 20"
      aria-hidden
      className={cn('size-5 shrink-0', className)}
    >
      <rect
        x="5.5"
        y="3"
        width="9"
        height="6.25"
        rx="1.25"
        className="fill-accent"
      />
      <rect
        x="0.75"
        y="10.75"
        width="8.75"
        height="6.25"
        rx="1.25"
        className="fill-ink"
      />
      <rect
        x="10.5"
        y="10.75"
        width="8.75"
        height="6.25"
        rx="1.25"
        className="fill-ink-3"
      />
    </svg>
  );
}
