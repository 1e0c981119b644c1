'use client';
import type { ReactNode } from 'react';
import { Table, TBody, Td, Th, THead, Tr } from '@/components/ui/table';

/** Facts of two builds side by side, and the difference. The columns of two such tables stand in line. */
export function CompareTable({
  label,
  children,
}: {
  label: string;
  children: ReactNode;
}) {
  return (
    <Table label={label} narrow="stack">
      <THead>
        <Th className="sm:w-36">What</Th>
        <Th className="sm:w-[37%]">Before</Th>
        <Th className="sm:w-[37%]">After</Th>
        <Th isNumeric>Difference</Th>
      </THead>
      <TBody>{children}</TBody>
    </Table>
  );
}

/** A number of both, and how much more or less it became. */
export function MeasureRow({
  name,
  before,
  after,
  format,
}: {
  name: string;
  before: number | null;
  after: number | null;
  format: (value: number) => string;
}) {
  const change = before === null || after === null ? null : after - before;
  return (
    <CompareRow
      name={name}
      before={before === null ? '–' : format(before)}
      after={after === null ? '–' : format(after)}
      difference={
        change !== null &&
        (change === 0
          ? 'the same'
          : `${change > 0 ? '+' : '−'} ${format(Math.abs(change))}`)
      }
    />
  );
}

/** One fact of both. */
export function CompareRow({
  name,
  before,
  after,
  difference = false,
}: {
  name: string;
  before: ReactNode;
  after: ReactNode;
  difference?: ReactNode;
}) {
  return (
    <Tr>
      <Td className="text-ink-2 max-sm:font-semibold">{name}</Td>
      <Td label="Before" className="tabular-nums">
        {before}
      </Td>
      <Td label="After" className="tabular-nums">
        {after}
      </Td>
      <Td
        {...(difference === false ? {} : { label: 'Difference' })}
        isNumeric
        className={difference === false ? 'max-sm:hidden!' : 'text-ink-2'}
      >
        {difference}
      </Td>
    </Tr>
  );
}
