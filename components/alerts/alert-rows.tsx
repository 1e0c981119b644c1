'use client';
import { Check, CircleAlert, CircleHelp, TriangleAlert } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { Chip } from '@/components/ui/chip';
import { cn } from '@/components/ui/cn';
import { TextLink } from '@/components/ui/link';
import { Table, TBody, Td, Th, THead, Tr } from '@/components/ui/table';
import { Time } from '@/components/ui/time';
import { showFailure } from '@/components/ui/toast';
import { useDismissAlert, useMarkAlertRead } from '@/lib/queries/alerts';
import {
  ALERT_KIND_LABELS,
  type AlertView,
  alertWords,
} from '@/lib/registry/alerts';

export const ALERT_LOOKS = {
  good: { Icon: Check, ink: 'text-good' },
  warning: { Icon: TriangleAlert, ink: 'text-warn' },
  bad: { Icon: CircleAlert, ink: 'text-bad' },
  neutral: { Icon: CircleHelp, ink: 'text-ink-3' },
} as const;

/** Alerts, one a row, with where they lead and what can be done with them. */
export function AlertRows({ alerts }: { alerts: AlertView[] }) {
  return (
    <Table label="Alerts" narrow="stack">
      <THead>
        <Th>What</Th>
        <Th>Kind</Th>
        <Th>When</Th>
        <Th isNumeric>Actions</Th>
      </THead>
      <TBody>
        {alerts.map((alert) => (
          <Row key={alert.id} alert={alert} />
        ))}
      </TBody>
    </Table>
  );
}

function Row({ alert }: { alert: AlertView }) {
  const words = alertWords(alert.detail);
  const { Icon, ink } = ALERT_LOOKS[words.tone];
  const read = useMarkAlertRead();
  const dismiss = useDismissAlert();
  const isOver = alert.resolvedAt !== null;
  const isNews = !alert.isRead && !isOver;
  return (
    <Tr>
      <Td className="sm:w-full">
        <span className="flex items-start gap-2">
          <Icon aria-hidden className={cn('mt-[3px] size-3.5 shrink-0', ink)} />
          <span className="min-w-0 wrap-anywhere">
            <span className={cn(isNews && 'font-semibold')}>{words.title}</span>
            {isNews && <span className="sr-only"> (unread)</span>}
            <span className="block text-ink-2">{words.text}</span>
            <span className="flex flex-wrap gap-x-3">
              {words.links.map(({ label, href }) => (
                <TextLink
                  key={href}
                  href={href}
                  onClick={() => isNews && read.mutate({ alertId: alert.id })}
                >
                  {label}
                </TextLink>
              ))}
            </span>
          </span>
        </span>
      </Td>
      <Td label="Kind">
        <Chip>{ALERT_KIND_LABELS[alert.detail.kind]}</Chip>
      </Td>
      <Td label="When" className="whitespace-nowrap text-ink-2">
        <Time at={alert.raisedAt} />
      </Td>
      <Td isNumeric>
        {isOver ? (
          <span className="text-ink-3">
            settled <Time at={alert.resolvedAt ?? alert.raisedAt} />
          </span>
        ) : (
          <span className="inline-flex gap-1">
            {isNews && (
              <Button
                size="sm"
                variant="ghost"
                isPending={read.isPending}
                onClick={() =>
                  read.mutate({ alertId: alert.id }, { onError: showFailure })
                }
              >
                Mark read
              </Button>
            )}
            <Button
              size="sm"
              isPending={dismiss.isPending}
              title="For the whole team. It comes back when the same happens again."
              onClick={() =>
                dismiss.mutate({ alertId: alert.id }, { onError: showFailure })
              }
            >
              Settle
            </Button>
          </span>
        )}
      </Td>
    </Tr>
  );
}
