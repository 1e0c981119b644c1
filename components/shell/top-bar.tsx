import Link from 'next/link';
import type { ReactNode } from 'react';
import { UserMenu } from '@/components/auth/user-menu';
import { Mark } from '@/components/shell/mark';
import { ThemeMenu } from '@/components/shell/theme';

/** The product, the team, and at the right what holds everywhere: `status`, the theme, the person. */
export function TopBar({
  teamName,
  name,
  email,
  status,
}: {
  teamName: string;
  name: string;
  email: string;
  status?: ReactNode;
}) {
  return (
    <header className="sticky top-0 z-20 col-span-full flex h-11 items-center gap-2 border-b bg-panel px-4 max-md:px-3">
      <Link
        href="/"
        className="flex items-center gap-2 rounded-sm font-semibold tracking-tight"
      >
        <Mark />
        <span className="max-sm:sr-only">Imageyard</span>
      </Link>
      <span aria-hidden className="mx-1 text-line-strong">
        /
      </span>
      <span className="min-w-0 truncate">{teamName}</span>
      <div className="ml-auto flex shrink-0 items-center gap-1">
        {status !== undefined && (
          <div className="mr-1 flex items-center gap-1">{status}</div>
        )}
        <ThemeMenu />
        <UserMenu name={name} email={email} />
      </div>
    </header>
  );
}
