import type { ReactNode } from 'react';
import { buildTimes } from '@/components/builds/labels';
import { StatusChip } from '@/components/ui/status-chip';
import { Table, TBody, Td, Th, THead, Tr } from '@/components/ui/table';
import { Elapsed } from '@/components/ui/time';
import type { BuildItemView } from '@/lib/build/views';

/** What became of one platform, and what is said of it. */
export type PlatformRow = {
  of: Pick<
    BuildItemView,
    'platform' | 'state' | 'createdAt' | 'startedAt' | 'finishedAt'
  >;
  name: ReactNode;
  result: ReactNode;
  worker: ReactNode;
};

/** The platforms of a build for several, a row each. */
export function PlatformTable({ rows }: { rows: readonly PlatformRow[] }) {
  return (
    <Table label="Platforms" narrow="stack">
      <THead>
        <Th>Platform</Th>
        <Th>State</Th>
        <Th>What came of it</Th>
        <Th>Worker</Th>
        <Th isNumeric>Ran</Th>
      </THead>
      <TBody>
        {rows.map(({ of, name, result, worker }) => {
          const { ran } = buildTimes(of);
          return (
            <Tr key={of.platform}>
              <Td>{name}</Td>
              <Td>
                <StatusChip state={of.state} />
              </Td>
              <Td className="wrap-anywhere text-ink-2 sm:w-full">{result}</Td>
              <Td label="Worker" className="whitespace-nowrap">
                {worker}
              </Td>
              <Td label="Ran" isNumeric>
                {ran ? <Elapsed {...ran} /> : '–'}
              </Td>
            </Tr>
          );
        })}
      </TBody>
    </Table>
  );
}
