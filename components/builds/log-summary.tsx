'use client';
import { CircleCheck, CircleDashed, TriangleAlert } from 'lucide-react';
import { describeLog } from '@/components/builds/labels';
import { type OpenLog, useLogVersion } from '@/components/builds/use-build-log';
import { Chip } from '@/components/ui/chip';
import { Notice } from '@/components/ui/notice';
import type { AttemptView, StepView } from '@/lib/build/views';

const ICONS = {
  idle: CircleDashed,
  good: CircleCheck,
  warn: TriangleAlert,
} as const;

/** How whole the log is, and how long. */
export function LogSummaryChip({
  attempt,
  open,
}: {
  attempt: AttemptView;
  open: OpenLog;
}) {
  useLogVersion(open.log);
  const { steps, lineCount } = open.log;
  const { text, tone } = describeLog(attempt, steps, lineCount);
  const Icon = ICONS[tone];
  return (
    <Chip tone={tone === 'warn' ? 'warn' : 'idle'} icon={<Icon aria-hidden />}>
      <span className="tabular-nums">{text}</span>
    </Chip>
  );
}

/** Where output is missing and why; nothing for a whole log. */
export function LogMissing({
  attempt,
  steps,
}: {
  attempt: AttemptView;
  steps: readonly StepView[];
}) {
  const { missing } = describeLog(attempt, steps, 0);
  if (missing.length === 0) return null;
  return (
    <Notice
      tone="warn"
      title="Not everything that was printed is here"
      className="mb-3"
    >
      {missing.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
    </Notice>
  );
}
