'use client';
import type { ComponentProps } from 'react';
import { cn } from '@/components/ui/cn';
import { useFieldProps } from '@/components/ui/field';

/** How everything one types or chooses in looks. Touch screens get 16 px, below which they zoom the page on focus. */
export const CONTROL = cn(
  'bg-panel border-line-strong w-full min-w-0 rounded-md border px-2 pointer-coarse:text-[1rem]',
  'hover:border-ink-3 focus-visible:border-accent focus-visible:-outline-offset-1',
  'aria-invalid:border-bad aria-invalid:focus-visible:outline-bad',
  'disabled:bg-sunken disabled:text-ink-3 disabled:hover:border-line-strong',
);

type Own = {
  /** For references, hosts, digests, code. Also tells the browser not to correct what is typed. */
  isMono?: boolean;
};

const verbatim = {
  spellCheck: false,
  autoCapitalize: 'none',
  autoCorrect: 'off',
} as const;

export function Input({
  isMono = false,
  className,
  id,
  ...rest
}: ComponentProps<'input'> & Own) {
  return (
    <input
      {...(isMono ? verbatim : {})}
      {...rest}
      {...useFieldProps(id)}
      className={cn(
        CONTROL,
        'h-[30px] read-only:bg-sunken',
        isMono && 'font-mono text-xs',
        className,
      )}
    />
  );
}

/** Grows with its text, from `rows` on. */
export function Textarea({
  isMono = false,
  rows = 3,
  className,
  id,
  ...rest
}: ComponentProps<'textarea'> & Own) {
  return (
    <textarea
      rows={rows}
      {...(isMono ? verbatim : {})}
      {...rest}
      {...useFieldProps(id)}
      className={cn(
        CONTROL,
        'field-sizing-content max-h-[60vh] resize-y py-1 read-only:bg-sunken',
        isMono && 'font-mono text-xs leading-5',
        className,
      )}
      style={{ minHeight: `calc(${rows} * 1.25rem + 10px)` }}
    />
  );
}
