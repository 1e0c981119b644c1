'use client';
import {
  type ComponentProps,
  createContext,
  type ReactNode,
  useContext,
} from 'react';
import { cn } from '@/components/ui/cn';
import { useOverflow } from '@/components/ui/use-overflow';

const IsStacked = createContext(false);
const IsBare = createContext(false);

/**
 * A table of hairlines and 36 px rows. On a narrow screen it scrolls sideways inside its own edges, or, with
 * `narrow="stack"`, shows each row as a block of named values (give each `Td` a `label`). On a wide one the head stays
 * in sight below the top bar. `isBare` leaves the frame to a surrounding card, inside which it scrolls at any width.
 */
export function Table({
  label,
  narrow = 'scroll',
  isBare = false,
  className,
  children,
}: {
  /** What the rows are, for screen readers: "Builds". */
  label: string;
  narrow?: 'scroll' | 'stack';
  isBare?: boolean;
  className?: string;
  children: ReactNode;
}) {
  const isStacked = narrow === 'stack';
  const [frame, isWider] = useOverflow();
  return (
    <div
      ref={frame}
      {...(isWider
        ? { tabIndex: 0, role: 'region', 'aria-label': `${label}, scrolls` }
        : {})}
      className={cn(
        'min-w-0',
        !isBare && 'rounded-lg border bg-panel',
        isBare
          ? 'overflow-x-auto'
          : isStacked
            ? 'sm:max-lg:overflow-x-auto'
            : 'max-lg:overflow-x-auto',
        className,
      )}
    >
      <table
        aria-label={label}
        // A table whose rows are laid out as blocks is no table to some browsers unless it says so.
        role={isStacked ? 'table' : undefined}
        className={cn(
          'w-full border-separate border-spacing-0',
          isStacked
            ? 'max-sm:block'
            : 'max-lg:min-w-max max-lg:[&_td]:max-w-80',
        )}
      >
        <IsStacked value={isStacked}>
          <IsBare value={isBare}>{children}</IsBare>
        </IsStacked>
      </table>
    </div>
  );
}

export function THead({ children }: { children: ReactNode }) {
  const isStacked = useContext(IsStacked);
  return (
    <thead
      role={isStacked ? 'rowgroup' : undefined}
      className={cn(isStacked && 'max-sm:sr-only')}
    >
      <tr role={isStacked ? 'row' : undefined}>{children}</tr>
    </thead>
  );
}

export function TBody({ children }: { children: ReactNode }) {
  const isStacked = useContext(IsStacked);
  return (
    <tbody
      role={isStacked ? 'rowgroup' : undefined}
      className={cn(
        '[&>tr:last-child>td]:border-b-0',
        isStacked && 'max-sm:block',
      )}
    >
      {children}
    </tbody>
  );
}

export function Tr({ className, ...rest }: ComponentProps<'tr'>) {
  const isStacked = useContext(IsStacked);
  return (
    <tr
      role={isStacked ? 'row' : undefined}
      {...rest}
      className={cn(
        'group/row [&:last-child>td:first-child]:rounded-bl-[7px] [&:last-child>td:last-child]:rounded-br-[7px] hover:[&>td]:bg-hover',
        isStacked &&
          'max-sm:block max-sm:border-b max-sm:py-1.5 max-sm:last:border-b-0',
        className,
      )}
    />
  );
}

type CellProps = {
  isNumeric?: boolean;
  className?: string;
  children?: ReactNode;
};

export function Th({ isNumeric = false, className, children }: CellProps) {
  const isBare = useContext(IsBare);
  const isStacked = useContext(IsStacked);
  return (
    <th
      scope="col"
      role={isStacked ? 'columnheader' : undefined}
      className={cn(
        'h-7 border-b bg-panel px-3 text-2xs font-medium whitespace-nowrap text-ink-3 first:rounded-tl-[7px] last:rounded-tr-[7px]',
        !isBare && 'lg:sticky lg:top-11 lg:z-[1]',
        isNumeric ? 'text-right' : 'text-left',
        className,
      )}
    >
      {children}
    </th>
  );
}

export function Td({
  isNumeric = false,
  label,
  colSpan,
  className,
  children,
}: CellProps & {
  /** The column's name beside the value where rows are stacked; leave it out of the cell that names the row. */
  label?: string;
  colSpan?: number;
}) {
  const isStacked = useContext(IsStacked);
  return (
    <td
      data-label={label}
      colSpan={colSpan}
      role={isStacked ? 'cell' : undefined}
      className={cn(
        'h-9 border-b px-3 py-[5px] align-middle',
        isNumeric && 'text-right whitespace-nowrap tabular-nums',
        isStacked &&
          'max-sm:flex max-sm:h-auto max-sm:min-h-6 max-sm:items-center max-sm:gap-4 max-sm:border-b-0 max-sm:py-0.5 max-sm:text-left',
        isStacked &&
          label !== undefined &&
          'max-sm:justify-between max-sm:before:shrink-0 max-sm:before:text-2xs max-sm:before:text-ink-3 max-sm:before:content-[attr(data-label)]',
        className,
      )}
    >
      {children}
    </td>
  );
}
