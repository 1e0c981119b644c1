import { ArrowUpRight } from 'lucide-react';
import Link from 'next/link';
import type { ComponentProps, ReactNode } from 'react';
import { cn } from '@/components/ui/cn';

const LOOK = 'text-accent rounded-sm underline-offset-2 hover:underline';

/** A noun that has a page. */
export function TextLink({ className, ...rest }: ComponentProps<typeof Link>) {
  return <Link {...rest} className={cn(LOOK, className)} />;
}

/** A page outside Imageyard; opens beside it and is told nothing of where it came from. */
export function ExternalLink({
  href,
  children,
  className,
}: {
  href: string;
  children: ReactNode;
  className?: string;
}) {
  return (
    <a
      href={href}
      target="_blank"
      rel="noreferrer"
      className={cn(LOOK, className)}
    >
      {children}
      <ArrowUpRight
        aria-label="(opens in a new tab)"
        className="ml-px inline size-3 align-baseline"
      />
    </a>
  );
}
