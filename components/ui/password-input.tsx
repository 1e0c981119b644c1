'use client';
import { Eye, EyeOff } from 'lucide-react';
import { type ComponentProps, useState } from 'react';
import { cn } from '@/components/ui/cn';
import { Input } from '@/components/ui/input';

/** A secret being typed, hidden until asked for. */
export function PasswordInput({
  className,
  ...rest
}: Omit<ComponentProps<typeof Input>, 'type'>) {
  const [isShown, setIsShown] = useState(false);
  return (
    <div className="relative">
      <Input
        {...rest}
        type={isShown ? 'text' : 'password'}
        spellCheck={false}
        autoCapitalize="none"
        className={cn('pr-8', isShown && 'font-mono', className)}
      />
      <button
        type="button"
        aria-label={isShown ? 'Hide' : 'Show'}
        aria-pressed={isShown}
        title={isShown ? 'Hide' : 'Show'}
        onClick={() => setIsShown(!isShown)}
        className="absolute inset-y-[3px] right-[3px] flex w-7 items-center justify-center rounded-sm text-ink-3 hover:text-ink [&_svg]:size-3.5"
      >
        {isShown ? <EyeOff aria-hidden /> : <Eye aria-hidden />}
      </button>
    </div>
  );
}
