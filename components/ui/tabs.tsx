'use client';
import { Tabs as Base } from '@base-ui/react/tabs';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { type ReactNode, useEffect, useRef } from 'react';
import { cn } from '@/components/ui/cn';

const LIST =
  'flex gap-4 max-sm:gap-3 overflow-x-auto border-b [scrollbar-width:none]';
const TAB =
  'flex h-8 shrink-0 items-center gap-1.5 rounded-t-sm border-b-2 whitespace-nowrap -mb-px focus-visible:-outline-offset-2';
const ON = 'border-accent font-semibold';
const OFF = 'border-transparent text-ink-2 hover:text-ink';

// The bold twin reserves the width, so that its neighbours stay where they are when a tab is chosen.
function Label({ text, count }: { text: string; count?: ReactNode }) {
  return (
    <>
      <span className="inline-grid">
        <span className="col-start-1 row-start-1">{text}</span>
        <span
          aria-hidden
          className="invisible col-start-1 row-start-1 font-semibold"
        >
          {text}
        </span>
      </span>
      {count !== undefined && (
        <span className="font-normal text-ink-3 tabular-nums">{count}</span>
      )}
    </>
  );
}

/** Tabs that are pages of their own. The one whose `href` is the current path is marked, or the one named by `current`. */
export function LinkTabs({
  label,
  tabs,
  current,
  keepsPlace = false,
}: {
  label: string;
  tabs: readonly { href: string; label: string; count?: ReactNode }[];
  current?: string;
  /** Does not scroll up: what is above the tabs stays the same. */
  keepsPlace?: boolean;
}) {
  const pathname = usePathname();
  const nav = useRef<HTMLElement>(null);
  const marked = current ?? pathname;
  // On a narrow screen the tab of this page may lie outside the part of the row that is seen.
  useEffect(() => {
    nav.current
      ?.querySelector('[aria-current]')
      ?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [marked]);
  return (
    <nav ref={nav} aria-label={label} className={LIST}>
      {tabs.map((tab) => {
        const isOn = tab.href === marked;
        return (
          <Link
            key={tab.href}
            href={tab.href}
            scroll={!keepsPlace}
            aria-current={isOn ? 'page' : undefined}
            className={cn(TAB, isOn ? ON : OFF)}
          >
            <Label text={tab.label} count={tab.count} />
          </Link>
        );
      })}
    </nav>
  );
}

/** Tabs within a page. Arrow keys move between them. Without `current` they remember themselves which is open. */
export function Tabs({
  label,
  tabs,
  current,
  onChange,
}: {
  label: string;
  current?: string;
  onChange?: (id: string) => void;
  tabs: readonly {
    id: string;
    label: string;
    count?: ReactNode;
    content: ReactNode;
  }[];
}) {
  return (
    <Base.Root
      {...(current === undefined
        ? { defaultValue: tabs[0]?.id }
        : { value: current })}
      onValueChange={(id: string) => onChange?.(id)}
    >
      <Base.List aria-label={label} activateOnFocus className={LIST}>
        {tabs.map((tab) => (
          <Base.Tab
            key={tab.id}
            value={tab.id}
            className={(state) => cn(TAB, state.active ? ON : OFF)}
          >
            <Label text={tab.label} count={tab.count} />
          </Base.Tab>
        ))}
      </Base.List>
      {tabs.map((tab) => (
        <Base.Panel key={tab.id} value={tab.id} className="pt-3">
          {tab.content}
        </Base.Panel>
      ))}
    </Base.Root>
  );
}
