import { cn } from '@/components/ui/cn';

/** How far something has come, 0 to 1. `label` says of what. */
export function ProgressBar({
  value,
  label,
  tone = 'run',
}: {
  value: number;
  label: string;
  tone?: 'run' | 'good' | 'bad';
}) {
  const percent = Math.round(Math.min(1, Math.max(0, value)) * 100);
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuenow={percent}
      aria-valuemin={0}
      aria-valuemax={100}
      className="h-1 w-full overflow-hidden rounded-full bg-active"
    >
      <div
        className={cn(
          'h-full rounded-full transition-[width]',
          tone === 'run' && 'bg-run',
          tone === 'good' && 'bg-good',
          tone === 'bad' && 'bg-bad',
        )}
        style={{ width: `${percent}%` }}
      />
    </div>
  );
}
