'use client';
import { useQuery } from '@tanstack/react-query';
import { ArrowRight } from 'lucide-react';
import { useState } from 'react';
import { AccessVerdict } from '@/components/images/access-verdict';
import { IDENTITY_LABELS } from '@/components/images/access-words';
import { VerdictChip } from '@/components/images/verdict-chip';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { ErrorNotice } from '@/components/ui/error-notice';
import { Skeleton } from '@/components/ui/skeleton';
import { Table, TBody, Td, Th, THead, Tr } from '@/components/ui/table';
import { Time } from '@/components/ui/time';
import { errorView } from '@/lib/queries/fetch-json';
import { accessQueries } from '@/lib/queries/images';
import type { AccessChangeView } from '@/lib/registry/views';

/** When the answers changed, from what to what, each with the evidence of that time. */
export function AccessHistory({ changes }: { changes: AccessChangeView[] }) {
  return (
    <Table label="History of access" narrow="stack">
      <THead>
        <Th>When</Th>
        <Th>Who, for what</Th>
        <Th>Change</Th>
        <Th isNumeric>Evidence</Th>
      </THead>
      <TBody>
        {changes.map((change) => (
          <Tr key={change.id}>
            <Td className="whitespace-nowrap text-ink-2">
              <Time at={change.at} />
            </Td>
            <Td label="Who">
              <span>
                {IDENTITY_LABELS[change.identity]}{' '}
                <span className="text-ink-3">
                  {change.platform}
                  {change.reference.startsWith(':') && ` ${change.reference}`}
                </span>
              </span>
            </Td>
            <Td label="Change">
              <span className="flex flex-wrap items-center gap-1">
                {change.from !== null && (
                  <>
                    <VerdictChip verdict={change.from} />
                    <ArrowRight
                      role="img"
                      aria-label="then"
                      className="size-3 text-ink-3"
                    />
                  </>
                )}
                <VerdictChip verdict={change.to} />
              </span>
            </Td>
            <Td isNumeric>
              <Evidence change={change} />
            </Td>
          </Tr>
        ))}
      </TBody>
    </Table>
  );
}

function Evidence({ change }: { change: AccessChangeView }) {
  const [isOpen, setOpen] = useState(false);
  const { data, error } = useQuery({
    ...accessQueries.change(change.id),
    enabled: isOpen,
  });
  return (
    <Dialog
      title="What was seen"
      description={`${IDENTITY_LABELS[change.identity]}, ${change.platform}`}
      isWide
      isOpen={isOpen}
      onOpenChange={setOpen}
      trigger={
        <Button size="sm" variant="ghost">
          See
          <span className="sr-only"> what was seen, {change.platform}</span>
        </Button>
      }
    >
      <div className="grid gap-2">
        {data && <AccessVerdict access={data} />}
        {error && <ErrorNotice error={errorView(error)} />}
        {!data && !error && <Skeleton className="h-40" />}
      </div>
    </Dialog>
  );
}
