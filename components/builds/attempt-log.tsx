'use client';
import { useQuery } from '@tanstack/react-query';
import { ChevronDown } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { attemptLabel } from '@/components/builds/labels';
import { LogViewer } from '@/components/builds/log-viewer';
import { openFinishedLog } from '@/components/builds/use-build-log';
import { Button } from '@/components/ui/button';
import { ErrorNotice } from '@/components/ui/error-notice';
import { Menu, MenuChoice } from '@/components/ui/menu';
import { TableSkeleton } from '@/components/ui/skeleton';
import type { RunView } from '@/lib/build/run-view';
import type { AttemptDetailView, AttemptView } from '@/lib/build/views';
import { buildQueries } from '@/lib/queries/builds';
import { errorView } from '@/lib/queries/fetch-json';

/** Chooses which attempt is looked at; nothing while there is only one. */
export function AttemptPicker({
  attempts,
  shown,
  onChange,
}: {
  attempts: readonly AttemptView[];
  shown: AttemptView;
  onChange: (attempt: number) => void;
}) {
  if (attempts.length < 2) return null;
  return (
    <Menu
      align="start"
      trigger={
        <Button size="sm">
          {attemptLabel(shown)}
          <ChevronDown aria-hidden />
        </Button>
      }
    >
      <MenuChoice
        label="Attempts"
        value={String(shown.attempt)}
        onChange={(value) => onChange(Number(value))}
        options={attempts.map((attempt) => ({
          value: String(attempt.attempt),
          label: attemptLabel(attempt),
        }))}
      />
    </Menu>
  );
}

type Props = {
  build: RunView;
  attempt: AttemptView;
  status: ReactNode;
};

/** The log of an attempt that another has followed. */
export function EarlierAttempt({ build, attempt, status }: Props) {
  const { data, error, refetch } = useQuery(
    buildQueries.attempt(build.id, attempt.attempt),
  );
  if (data)
    return (
      <OpenedAttempt
        key={attempt.attempt}
        detail={data}
        build={build}
        attempt={attempt}
        status={status}
      />
    );
  if (error)
    return (
      <ErrorNotice error={errorView(error)} onRetry={() => void refetch()} />
    );
  return <TableSkeleton rows={4} columns={3} />;
}

function OpenedAttempt({
  detail,
  build,
  ...rest
}: Props & { detail: AttemptDetailView }) {
  const [open] = useState(() => openFinishedLog(build.id, detail));
  return <LogViewer build={build} open={open} {...rest} />;
}
