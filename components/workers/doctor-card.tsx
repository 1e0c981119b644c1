'use client';
import {
  CircleAlert,
  CircleCheck,
  Info,
  RefreshCw,
  TriangleAlert,
} from 'lucide-react';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { cn } from '@/components/ui/cn';
import { CodeBlock } from '@/components/ui/code-block';
import { Time } from '@/components/ui/time';
import { showFailure } from '@/components/ui/toast';
import { FINDING_STATES, type Finding } from '@/lib/build/doctor';
import { findingWords } from '@/lib/build/doctor-words';
import type { WorkerView } from '@/lib/build/views';
import { useAskCheckup } from '@/lib/queries/workers';

const SIGNS = {
  good: { Icon: CircleCheck, ink: 'text-good', word: 'Fine' },
  info: { Icon: Info, ink: 'text-ink-3', word: 'Good to know' },
  warn: { Icon: TriangleAlert, ink: 'text-warn', word: 'Mend it' },
  bad: { Icon: CircleAlert, ink: 'text-bad', word: 'Stops builds' },
} as const;

/** What a worker found when it last looked after itself, the worst on top, each with its fix. */
export function DoctorCard({ worker }: { worker: WorkerView }) {
  const { findings, checkedAt } = worker;
  const sorted = [...(findings ?? [])].sort(
    (a, b) => FINDING_STATES.indexOf(b.state) - FINDING_STATES.indexOf(a.state),
  );
  return (
    <Card
      title="Doctor"
      className="mt-4"
      actions={<LookButton worker={worker} />}
    >
      {findings === null ? (
        <p className="text-ink-2">
          {worker.isOnline
            ? 'It is looking at its engine, disk, clock and the way to each registry. This takes a few seconds.'
            : 'It has not looked after itself yet. It does when it connects.'}
        </p>
      ) : (
        <>
          <ul className="grid grid-cols-[minmax(0,1fr)] gap-2.5">
            {sorted.map((finding) => (
              <FindingRow
                key={`${finding.check} ${finding.subject} ${finding.code}`}
                finding={finding}
              />
            ))}
          </ul>
          {checkedAt !== null && (
            <p className="mt-3 text-xs text-ink-3">
              Looked <Time at={checkedAt} />, and every half an hour.
            </p>
          )}
        </>
      )}
    </Card>
  );
}

function FindingRow({ finding }: { finding: Finding }) {
  const { Icon, ink, word } = SIGNS[finding.state];
  const { title, explanation, commands } = findingWords(finding);
  return (
    <li className="flex min-w-0 items-start gap-2">
      <Icon
        className={cn('mt-[3px] size-3.5 shrink-0', ink)}
        aria-label={word}
      />
      <div className="min-w-0 flex-1">
        <p className="break-words">{title}</p>
        {explanation !== '' && (
          <p data-prose className="break-words text-ink-2">
            {explanation}
          </p>
        )}
        {commands !== null && (
          <CodeBlock
            label={`the fix: ${title}`}
            text={commands}
            className="mt-1"
          />
        )}
      </div>
    </li>
  );
}

function LookButton({ worker }: { worker: WorkerView }) {
  const ask = useAskCheckup();
  return (
    <Button
      size="sm"
      icon={<RefreshCw aria-hidden />}
      isPending={ask.isPending || (worker.isOnline && worker.isLooking)}
      disabledReason={!worker.isOnline && 'It is offline.'}
      onClick={() =>
        ask.mutate({ workerId: worker.id }, { onError: showFailure })
      }
    >
      Look again
    </Button>
  );
}
