'use client';
import Link from 'next/link';
import type { ComponentProps, MouseEvent, ReactNode } from 'react';
import { cn } from '@/components/ui/cn';
import { Spinner } from '@/components/ui/spinner';

type Look = {
  /** `destroy` is the solid red of a confirmation's last button; `danger` leads to one. */
  variant?: 'primary' | 'plain' | 'danger' | 'destroy' | 'ghost';
  size?: 'md' | 'sm';
  /** A lucide icon before the label, or alone with an `aria-label`. */
  icon?: ReactNode;
};

const VARIANTS = {
  primary:
    'border-transparent bg-accent text-accent-ink not-aria-disabled:hover:bg-accent-hover font-medium',
  plain:
    'border-line-strong bg-panel text-ink not-aria-disabled:hover:bg-hover',
  danger:
    'border-line-strong bg-panel text-bad not-aria-disabled:hover:border-bad not-aria-disabled:hover:bg-bad-soft',
  destroy:
    'border-transparent bg-bad text-bad-ink not-aria-disabled:hover:bg-bad-hover font-medium',
  ghost:
    'border-transparent text-ink-2 not-aria-disabled:hover:bg-hover not-aria-disabled:hover:text-ink',
} as const;

// `waiting` is for a label alone: a 12 px spinner and its gap take their room out of the padding, so that the button
// keeps its width while it works.
const SIZES = {
  md: {
    base: 'h-7',
    label: 'gap-1.5 px-3',
    icon: 'w-7',
    waiting: 'gap-1 px-1',
  },
  sm: {
    base: 'h-6 text-xs',
    label: 'gap-1 px-2.5',
    icon: 'w-6',
    waiting: 'gap-1 px-0.5',
  },
} as const;

function look(
  { variant = 'plain', size = 'md' }: Look,
  room: 'label' | 'icon' | 'waiting',
): string {
  return cn(
    'inline-flex shrink-0 items-center justify-center rounded-md border whitespace-nowrap transition-colors select-none',
    room === 'waiting' ? '[&_svg]:size-3' : '[&_svg]:size-3.5',
    SIZES[size].base,
    SIZES[size][room],
    VARIANTS[variant],
  );
}

type ButtonProps = ComponentProps<'button'> &
  Look & {
    /** The work has begun: the label stays, a spinner joins it, further clicks do nothing. */
    isPending?: boolean;
    /** Why it cannot be pressed now; shown on hover and read out. The button stays reachable by keyboard. */
    disabledReason?: string | false | undefined;
  };

export function Button({
  variant,
  size,
  icon,
  isPending = false,
  disabledReason,
  className,
  children,
  onClick,
  title,
  type = 'button',
  ...rest
}: ButtonProps) {
  const isBlocked = isPending || Boolean(disabledReason);
  const isIconOnly = children === undefined;
  const room = isIconOnly ? 'icon' : isPending && !icon ? 'waiting' : 'label';
  const stop = (event: MouseEvent) => {
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <button
      type={type}
      {...rest}
      title={disabledReason || title}
      aria-busy={isPending || undefined}
      aria-disabled={isBlocked || undefined}
      onClick={isBlocked ? stop : onClick}
      className={cn(
        look({ variant, size }, room),
        'disabled:opacity-50',
        disabledReason && 'cursor-not-allowed opacity-50',
        isPending && 'cursor-progress',
        className,
      )}
    >
      {isPending ? <Spinner /> : icon}
      {children}
    </button>
  );
}

type ButtonLinkProps = ComponentProps<typeof Link> & Look;

/** A link that looks like a button: it goes somewhere and changes nothing. */
export function ButtonLink({
  variant,
  size,
  icon,
  className,
  children,
  ...rest
}: ButtonLinkProps) {
  return (
    <Link
      {...rest}
      className={cn(
        look({ variant, size }, children === undefined ? 'icon' : 'label'),
        className,
      )}
    >
      {icon}
      {children}
    </Link>
  );
}
