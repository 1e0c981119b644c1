'use client';
import {
  CircleCheck,
  CircleX,
  Info,
  TriangleAlert,
  WandSparkles,
} from 'lucide-react';
import type { ReactNode } from 'react';
import { fieldName } from '@/components/specs/field-names';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Chip, type Tone } from '@/components/ui/chip';
import { Disclosure } from '@/components/ui/disclosure';
import { Message } from '@/components/ui/message';
import {
  type Finding,
  SEVERITIES,
  type Severity,
} from '@/lib/imagespec/lint/finding';

const LOOK: Record<
  Severity,
  { tone: Tone; icon: ReactNode; one: string; many: string }
> = {
  error: {
    tone: 'bad',
    icon: <CircleX aria-hidden />,
    one: 'to correct',
    many: 'to correct',
  },
  warning: {
    tone: 'warn',
    icon: <TriangleAlert aria-hidden />,
    one: 'to look at',
    many: 'to look at',
  },
  info: {
    tone: 'idle',
    icon: <Info aria-hidden />,
    one: 'worth knowing',
    many: 'worth knowing',
  },
};

/**
 * What the linter found, the gravest first, each with its why. `onJump` leads to the field, `onFix` applies the fix;
 * where one is left out its button is not shown.
 */
export function LintCard({
  findings,
  onJump,
  onFix,
  className,
}: {
  findings: readonly Finding[];
  onJump?: (finding: Finding) => void;
  onFix?: (finding: Finding) => void;
  className?: string;
}) {
  const groups = SEVERITIES.map((severity) => ({
    severity,
    found: findings.filter((finding) => finding.severity === severity),
  })).filter(({ found }) => found.length > 0);
  return (
    <Card
      title="Lint"
      isFlush
      className={className ?? ''}
      actions={
        <span role="status" className="flex flex-wrap gap-1.5">
          {groups.map(({ severity, found }) => (
            <Chip
              key={severity}
              tone={LOOK[severity].tone}
              icon={LOOK[severity].icon}
            >
              {found.length}{' '}
              {found.length === 1 ? LOOK[severity].one : LOOK[severity].many}
            </Chip>
          ))}
          {groups.length === 0 && (
            <Chip tone="good" icon={<CircleCheck aria-hidden />}>
              all well
            </Chip>
          )}
        </span>
      }
    >
      {groups.length === 0 ? (
        <p className="p-3 text-ink-2">
          No finding: packages and base are pinned, the fields fit together, and
          nothing here looks like a secret.
        </p>
      ) : (
        groups.map(({ severity, found }) => (
          <ul
            key={severity}
            aria-label={`${found.length} ${LOOK[severity].many}`}
            className="border-b last:border-b-0"
          >
            {found.map((finding, index) => (
              <Item
                key={`${finding.rule} ${finding.field} ${finding.line ?? index}`}
                finding={finding}
                onJump={onJump}
                onFix={onFix}
              />
            ))}
          </ul>
        ))
      )}
    </Card>
  );
}

const INK: Record<Severity, string> = {
  error: 'text-bad',
  warning: 'text-warn',
  info: 'text-ink-3',
};

function Item({
  finding,
  onJump,
  onFix,
}: {
  finding: Finding;
  onJump: ((finding: Finding) => void) | undefined;
  onFix: ((finding: Finding) => void) | undefined;
}) {
  const { severity, field, line, message, why, fix } = finding;
  const place =
    line === undefined ? fieldName(field) : `${fieldName(field)}, line ${line}`;
  return (
    <li className="flex items-start gap-2 px-3 py-1.5">
      <span className={`mt-[5px] [&>svg]:size-3.5 ${INK[severity]}`}>
        {LOOK[severity].icon}
      </span>
      <div className="min-w-0 flex-1">
        <p className="pt-0.5 leading-5">
          {onJump ? (
            <button
              type="button"
              onClick={() => onJump(finding)}
              className="rounded-sm font-semibold text-accent underline-offset-2 hover:underline"
            >
              {place}
            </button>
          ) : (
            <span className="font-semibold">{place}</span>
          )}{' '}
          <span className="break-words">
            <Message text={message} />
          </span>
        </p>
        <div className="flex flex-wrap items-start gap-x-3">
          <Disclosure summary="Why">
            <p data-prose className="max-w-[44rem] pb-1 text-ink-2">
              <Message text={why} />
            </p>
          </Disclosure>
          {fix && onFix && (
            <Button
              size="sm"
              icon={<WandSparkles aria-hidden />}
              className="mt-0.5"
              onClick={() => onFix(finding)}
            >
              {fix.label}
            </Button>
          )}
        </div>
      </div>
    </li>
  );
}
