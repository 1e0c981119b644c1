'use client';
import {
  Bell,
  Boxes,
  Container,
  FileCode2,
  Hammer,
  KeyRound,
  LayoutDashboard,
  Server,
  Workflow,
} from 'lucide-react';
import Link, { useLinkStatus } from 'next/link';
import { usePathname } from 'next/navigation';
import { useEffect, useRef } from 'react';
import { cn } from '@/components/ui/cn';
import { Spinner } from '@/components/ui/spinner';

const PAGES = [
  { href: '/', label: 'Overview', Icon: LayoutDashboard },
  { href: '/specs', label: 'Specs', Icon: FileCode2 },
  { href: '/builds', label: 'Builds', Icon: Hammer },
  { href: '/images', label: 'Images', Icon: Boxes },
  { href: '/tasks', label: 'Tasks', Icon: Workflow },
  { href: '/alerts', label: 'Alerts', Icon: Bell },
  { href: '/registries', label: 'Registries', Icon: Container },
  { href: '/secrets', label: 'Secrets', Icon: KeyRound },
  { href: '/workers', label: 'Workers', Icon: Server },
] as const;

// A page is read on the server before it shows; until then its link says that the click was heard.
function Pending() {
  const { pending } = useLinkStatus();
  return pending ? <Spinner className="ml-auto size-3 max-md:hidden" /> : null;
}

/** The pages of the dashboard: a column beside the content, on narrow screens a row above it that scrolls. */
export function SideNav() {
  const pathname = usePathname();
  const nav = useRef<HTMLElement>(null);
  // On a narrow screen the current page's link may lie outside the part of the row that is seen.
  useEffect(() => {
    nav.current
      ?.querySelector('[aria-current]')
      ?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [pathname]);
  return (
    <nav
      ref={nav}
      aria-label="Pages"
      className="top-11 z-10 flex gap-px border-line bg-bg max-md:sticky max-md:[scrollbar-width:none] max-md:overflow-x-auto max-md:border-b max-md:px-2 max-md:py-1 md:sticky md:h-[calc(100dvh-2.75rem)] md:flex-col md:overflow-y-auto md:px-2 md:py-3"
    >
      {PAGES.map(({ href, label, Icon }) => {
        const isOn =
          pathname === href ||
          (href !== '/' && pathname.startsWith(`${href}/`));
        return (
          <Link
            key={href}
            href={href}
            aria-current={isOn ? 'page' : undefined}
            className={cn(
              'group flex h-7 shrink-0 items-center gap-2 rounded-md px-2 focus-visible:-outline-offset-2',
              isOn
                ? 'bg-active font-semibold text-ink'
                : 'text-ink-2 hover:bg-hover hover:text-ink',
            )}
          >
            <Icon
              aria-hidden
              className={cn(
                'size-4 shrink-0 stroke-[1.75] max-md:hidden',
                isOn ? 'text-accent' : 'text-ink-3',
              )}
            />
            {label}
            <Pending />
          </Link>
        );
      })}
    </nav>
  );
}
