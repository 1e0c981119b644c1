import type { ReactNode } from 'react';
import { cn } from '@/components/ui/cn';

export type Tone = 'idle' | 'run' | 'good' | 'warn' | 'bad' | 'accent';

const SOFT: Record<Tone, string> = {
  idle: 'bg-idle-soft text-ink-2',
  run: 'bg-run-soft text-run',
  good: 'bg-good-soft text-good',
  warn: 'bg-warn-soft text-warn',
  bad: 'bg-bad-soft text-bad',
  accent: 'bg-accent-soft text-accent',
};

const HOLLOW: Record<Tone, string> = {
  idle: 'text-ink-2',
  run: 'text-run',
  good: 'text-good',
  warn: 'text-warn',
  bad: 'text-bad',
  accent: 'text-accent',
};

/** A short fact with a hue. The hue is never alone: give an icon, or words that say the same. */
export function Chip({
  tone = 'idle',
  look = 'soft',
  icon,
  title,
  isMono = false,
  className,
  children,
}: {
  tone?: Tone;
  look?: 'soft' | 'hollow' | 'solid';
  icon?: ReactNode;
  title?: string | undefined;
  isMono?: boolean;
  className?: string;
  children: ReactNode;
}) {
  return (
    <span
      title={title}
      className={cn(
        'inline-flex h-5 max-w-full items-center gap-1 rounded-full px-2 text-xs leading-5 font-normal whitespace-nowrap [&_svg]:size-3 [&_svg]:shrink-0',
        isMono && 'font-mono text-2xs',
        look === 'soft' && SOFT[tone],
        look === 'hollow' &&
          cn('border border-line-strong leading-[18px]', HOLLOW[tone]),
        look === 'solid' && 'bg-ink-2 text-panel',
        className,
      )}
    >
      {icon}
      <span className="truncate">{children}</span>
    </span>
  );
}
