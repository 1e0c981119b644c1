import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { cn } from '@/components/ui/cn';

const TONES = {
  info: { look: 'bg-accent-soft', ink: 'text-accent', Icon: Info },
  good: { look: 'bg-good-soft', ink: 'text-good', Icon: CircleCheck },
  warn: { look: 'bg-warn-soft', ink: 'text-warn', Icon: TriangleAlert },
  bad: { look: 'bg-bad-soft', ink: 'text-bad', Icon: CircleAlert },
} as const;

/** A message that stays where it belongs: what is so, what to do about it, and the button for that. */
export function Notice({
  tone = 'info',
  title,
  children,
  actions,
  role,
  className,
}: {
  tone?: keyof typeof TONES;
  title: ReactNode;
  children?: ReactNode;
  actions?: ReactNode;
  role?: 'alert' | 'status';
  className?: string;
}) {
  const { look, ink, Icon } = TONES[tone];
  return (
    <div
      role={role}
      className={cn(
        'flex items-start gap-2.5 rounded-lg px-3 py-2',
        look,
        className,
      )}
    >
      <Icon aria-hidden className={cn('mt-[3px] size-3.5 shrink-0', ink)} />
      <div className="flex min-w-0 flex-1 flex-wrap items-start gap-x-3 gap-y-2">
        <div className="min-w-0 flex-[1_1_16rem] break-words">
          <p className={cn('font-semibold', ink)}>{title}</p>
          {children !== undefined && (
            <div data-prose className="text-ink">
              {children}
            </div>
          )}
        </div>
        {actions !== undefined && (
          <div className="flex shrink-0 items-center gap-2">{actions}</div>
        )}
      </div>
    </div>
  );
}
