'use client';
import { useQuery } from '@tanstack/react-query';
import { BellOff } from 'lucide-react';
import { AlertRows } from '@/components/alerts/alert-rows';
import { Button } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { ErrorNotice } from '@/components/ui/error-notice';
import { PageHeader } from '@/components/ui/page-header';
import { Pager } from '@/components/ui/pager';
import { TableSkeleton } from '@/components/ui/skeleton';
import { LinkTabs } from '@/components/ui/tabs';
import { showFailure } from '@/components/ui/toast';
import { alertQueries, toQuery, useMarkAlertsRead } from '@/lib/queries/alerts';
import { errorView } from '@/lib/queries/fetch-json';
import {
  ALERT_KIND_LABELS,
  ALERT_KINDS,
  type AlertFilter,
} from '@/lib/registry/alerts';

const hrefOf = (filter: AlertFilter) => {
  const query = toQuery(filter);
  return query === '' ? '/alerts' : `/alerts?${query}`;
};

/** What needs a person, by kind. Seed `alertKeys.list(filter)`. */
export function AlertList({ filter }: { filter: AlertFilter }) {
  const { data, error, refetch } = useQuery(alertQueries.list(filter));
  const readAll = useMarkAlertsRead();
  const { isResolved } = filter;
  const kinds = [undefined, ...ALERT_KINDS].map((kind) => ({
    href: hrefOf({ kind, isResolved }),
    label: kind === undefined ? 'All' : ALERT_KIND_LABELS[kind],
  }));
  return (
    <>
      <PageHeader
        title="Alerts"
        actions={
          <Button
            isPending={readAll.isPending}
            disabledReason={
              data?.items.every(({ isRead }) => isRead) && 'All are read.'
            }
            onClick={() => readAll.mutate(undefined, { onError: showFailure })}
          >
            Mark all read
          </Button>
        }
      />
      <LinkTabs
        label="Kinds of alerts"
        tabs={kinds}
        current={hrefOf({ kind: filter.kind, isResolved })}
      />
      <div className="mt-3 mb-3">
        <LinkTabs
          label="Which alerts"
          tabs={[
            {
              href: hrefOf({ kind: filter.kind, isResolved: false }),
              label: 'Standing',
            },
            {
              href: hrefOf({ kind: filter.kind, isResolved: true }),
              label: 'With settled ones',
            },
          ]}
          current={hrefOf({ kind: filter.kind, isResolved })}
        />
      </div>
      {error && !data && (
        <ErrorNotice error={errorView(error)} onRetry={() => void refetch()} />
      )}
      {!data && !error && <TableSkeleton columns={4} />}
      {data?.items.length === 0 && (
        <EmptyState icon={<BellOff />} title="Nothing needs you.">
          What tasks, specs and the team’s default image stand on is watched.
          When one cannot be pulled any more, a tag or a base moves, or an image
          vanishes, it stands here.
        </EmptyState>
      )}
      {data && data.items.length > 0 && (
        <>
          <AlertRows alerts={data.items} />
          <Pager
            order="time"
            firstHref={
              filter.after === undefined
                ? null
                : hrefOf({ ...filter, after: undefined })
            }
            nextHref={
              data.next === null
                ? null
                : hrefOf({ ...filter, after: data.next })
            }
          />
        </>
      )}
    </>
  );
}
