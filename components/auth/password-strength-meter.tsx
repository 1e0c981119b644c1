import { judgePassword } from '@/components/auth/password-strength';
import { cn } from '@/components/ui/cn';

const HUES = ['bg-line-strong', 'bg-bad', 'bg-warn', 'bg-good'] as const;

/** How hard a password being typed is to guess, in words and three bars. */
export function PasswordStrengthMeter({
  password,
  known = [],
}: {
  password: string;
  known?: readonly string[];
}) {
  const { level, text } = judgePassword(password, known);
  return (
    <span className="flex items-center gap-2">
      <span aria-hidden className="flex w-24 gap-1">
        {[1, 2, 3].map((bar) => (
          <span
            key={bar}
            className={cn(
              'h-1 flex-1 rounded-full',
              bar <= level ? HUES[level] : 'bg-active',
            )}
          />
        ))}
      </span>
      <span aria-live="polite">{text}</span>
    </span>
  );
}
