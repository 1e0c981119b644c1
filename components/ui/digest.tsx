import Link from 'next/link';
import { CopyButton } from '@/components/ui/copy-button';
import { cn } from '@/components/ui/cn';
import { shortDigest } from '@/components/ui/format';

/** A digest as its twelve characters: the whole on hover, a link when it has a page, and a button that copies all of it. */
export function Digest({
  value,
  href,
  hasCopy = true,
  className,
}: {
  value: string;
  href?: string;
  hasCopy?: boolean;
  className?: string;
}) {
  const text = shortDigest(value);
  const look = 'font-mono text-xs whitespace-nowrap';
  return (
    <span
      className={cn('inline-flex items-center gap-0.5 align-middle', className)}
      data-digest={value}
    >
      {href ? (
        <Link
          href={href}
          title={value}
          className={cn(
            look,
            'rounded-sm text-accent underline-offset-2 hover:underline',
          )}
        >
          {text}
        </Link>
      ) : (
        <span title={value} className={look}>
          {text}
        </span>
      )}
      {hasCopy && <CopyButton text={value} label="digest" />}
    </span>
  );
}
