'use client';
import { useQuery } from '@tanstack/react-query';
import { FileDown } from 'lucide-react';
import { DeleteRecord } from '@/components/records/delete-record';
import { EmptyState } from '@/components/ui/empty-state';
import { ErrorNotice } from '@/components/ui/error-notice';
import { formatBytes } from '@/components/ui/format';
import { TextLink } from '@/components/ui/link';
import { Pager } from '@/components/ui/pager';
import { TableSkeleton } from '@/components/ui/skeleton';
import { StatusChip } from '@/components/ui/status-chip';
import { Table, TBody, Td, Th, THead, Tr } from '@/components/ui/table';
import { Time } from '@/components/ui/time';
import type { RecordItemView, RecordPage } from '@/lib/build/record-views';
import { errorView } from '@/lib/queries/fetch-json';
import { recordList } from '@/lib/queries/records';

/** One page of the imported builds. Seed `recordKeys.list(page)`. */
export function RecordList({ page }: { page: RecordPage }) {
  const { data, error, refetch } = useQuery(recordList(page));
  if (error)
    return (
      <ErrorNotice error={errorView(error)} onRetry={() => void refetch()} />
    );
  if (!data) return <TableSkeleton rows={4} columns={5} />;
  if (data.items.length === 0 && page.before === undefined)
    return (
      <EmptyState icon={<FileDown />} title="No build was imported yet">
        Choose a record above to read a build of another team or installation.
      </EmptyState>
    );
  return (
    <>
      <Table label="Imported builds" narrow="stack">
        <THead>
          <Th>Build</Th>
          <Th>State</Th>
          <Th>From</Th>
          <Th>Imported</Th>
          <Th isNumeric>Size</Th>
          <Th className="w-0">
            <span className="sr-only">Delete</span>
          </Th>
        </THead>
        <TBody>
          {data.items.map((item) => (
            <Row key={item.id} item={item} />
          ))}
        </TBody>
      </Table>
      <Pager
        order="time"
        firstHref={page.before === undefined ? null : '/builds/records'}
        nextHref={
          data.next === null ? null : `/builds/records?before=${data.next}`
        }
      />
    </>
  );
}

function Row({ item }: { item: RecordItemView }) {
  return (
    <Tr>
      <Td>
        <TextLink
          href={`/builds/records/${item.id}`}
          className="wrap-anywhere tabular-nums"
        >
          {item.specName} #{item.number}
        </TextLink>
      </Td>
      <Td label="State">
        <StatusChip state={item.state} />
      </Td>
      <Td label="From" className="wrap-anywhere">
        {item.from.team}
        <span className="text-ink-3"> · {item.from.url}</span>
      </Td>
      <Td label="Imported">
        <Time at={item.importedAt} />
        {item.importedBy !== null && (
          <span className="text-ink-3"> · {item.importedBy}</span>
        )}
      </Td>
      <Td label="Size" isNumeric>
        {formatBytes(item.sizeBytes)}
      </Td>
      <Td className="text-right">
        <DeleteRecord item={item} size="sm" />
      </Td>
    </Tr>
  );
}
