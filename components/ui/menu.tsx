'use client';
import { Menu as Base } from '@base-ui/react/menu';
import { Check } from 'lucide-react';
import Link from 'next/link';
import type { ReactElement, ReactNode } from 'react';
import { cn } from '@/components/ui/cn';

const ITEM =
  'data-highlighted:bg-active flex min-h-7 w-full items-center gap-2 rounded-sm px-2 py-1 outline-none select-none data-disabled:opacity-50 [&_svg]:size-3.5 [&_svg]:shrink-0';

/** Actions behind one button. `trigger` is the button; the items below come as children. */
export function Menu({
  trigger,
  align = 'end',
  children,
}: {
  trigger: ReactElement;
  align?: 'start' | 'end';
  children: ReactNode;
}) {
  return (
    <Base.Root modal={false}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner
          align={align}
          sideOffset={4}
          collisionPadding={8}
          className="z-50 outline-none"
        >
          <Base.Popup className="min-w-44 origin-(--transform-origin) rounded-lg border border-line-strong bg-popup p-1 text-ink shadow-popup transition-[opacity,scale] outline-none data-ending-style:opacity-0 data-starting-style:scale-[0.98] data-starting-style:opacity-0">
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

export function MenuItem({
  icon,
  isDanger = false,
  isDisabled = false,
  onSelect,
  children,
}: {
  icon?: ReactNode;
  isDanger?: boolean;
  isDisabled?: boolean;
  onSelect: () => void;
  children: ReactNode;
}) {
  return (
    <Base.Item
      disabled={isDisabled}
      onClick={onSelect}
      className={cn(ITEM, isDanger && 'text-bad')}
    >
      {icon}
      {children}
    </Base.Item>
  );
}

export function MenuLink({
  href,
  icon,
  children,
}: {
  href: string;
  icon?: ReactNode;
  children: ReactNode;
}) {
  return (
    <Base.LinkItem closeOnClick render={<Link href={href} />} className={ITEM}>
      {icon}
      {children}
    </Base.LinkItem>
  );
}

/** One of several: `options` in order, the chosen one ticked. */
export function MenuChoice<T extends string>({
  label,
  value,
  onChange,
  options,
}: {
  label: string;
  value: T;
  onChange: (value: T) => void;
  options: readonly { value: T; label: string; icon?: ReactNode }[];
}) {
  return (
    <Base.RadioGroup value={value} onValueChange={(next: T) => onChange(next)}>
      <Base.GroupLabel className="px-2 pt-1 pb-0.5 text-2xs text-ink-3">
        {label}
      </Base.GroupLabel>
      {options.map((option) => (
        <Base.RadioItem
          key={option.value}
          value={option.value}
          closeOnClick
          className={ITEM}
        >
          {option.icon}
          <span className="flex-1">{option.label}</span>
          <Base.RadioItemIndicator>
            <Check aria-hidden />
          </Base.RadioItemIndicator>
        </Base.RadioItem>
      ))}
    </Base.RadioGroup>
  );
}

/** A file, fetched by the browser itself. */
export function MenuDownload({
  href,
  icon,
  children,
}: {
  href: string;
  icon?: ReactNode;
  children: ReactNode;
}) {
  return (
    <Base.LinkItem closeOnClick href={href} download className={ITEM}>
      {icon}
      {children}
    </Base.LinkItem>
  );
}

export function MenuSeparator() {
  return <Base.Separator className="-mx-1 my-1 h-px bg-line" />;
}

/** Text above the items that is no item itself, such as who is signed in. */
export function MenuHeading({ children }: { children: ReactNode }) {
  return <div className="max-w-64 px-2 py-1">{children}</div>;
}
