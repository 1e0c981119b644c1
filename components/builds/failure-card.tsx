'use client';
import { ArrowDown, X } from 'lucide-react';
import {
  failedStep,
  firstLine,
  placeOf,
  remedyOf,
} from '@/components/builds/labels';
import { LogTail, tailText, useTail } from '@/components/builds/log-tail';
import { goToAnchor } from '@/components/builds/use-anchor';
import type { OpenLog } from '@/components/builds/use-build-log';
import { Button, ButtonLink } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { CopyButton } from '@/components/ui/copy-button';
import { Message } from '@/components/ui/message';
import { TextLink } from '@/components/ui/link';
import { fieldHref } from '@/components/specs/field-link';
import { fieldName } from '@/components/specs/field-names';
import type { FailureSource } from '@/lib/build/failure-source';
import type { RunView } from '@/lib/build/run-view';
import type { BuildFailureView, BuildView, StepView } from '@/lib/build/views';

/** Why a build failed, in the spec's own terms, with the last lines of the step that did. */
export function FailureCard({
  build,
  failure,
  open,
  mendable,
}: {
  build: RunView;
  /** The same build, where it can be mended; one that was imported cannot. */
  mendable?: BuildView;
  failure: BuildFailureView;
  open: OpenLog;
}) {
  const step = failedStep({ failure }, build.steps);
  const lines = useTail(open, step?.key);
  const words = lines.length === 0 ? (step?.error ?? null) : null;
  const part = mendable?.parts.find(
    (one) => one.failure?.code === failure.code,
  );
  const remedy = mendable && remedyOf(mendable, failure.code);
  const source = mendable?.failureSource ?? null;
  const facts = [
    failure.exitCode === null ? null : `exit code ${failure.exitCode}`,
    failure.code,
  ].filter((fact) => fact !== null);
  return (
    <Card
      tone="bad"
      icon={<X aria-hidden />}
      title={<Message text={failure.message} />}
      actions={
        <CopyButton
          hasLabel
          label="the error"
          text={describe(build, source, failure, step, tailText(lines))}
        />
      }
      className="mt-4"
    >
      {mendable && source && <SourceLine build={mendable} source={source} />}
      <p>
        <Message text={failure.hint} />
      </p>
      {step && (
        <p className="mt-1 text-ink-2">
          Step {placeOf(step, build.steps)}:{' '}
          <code className="text-ink">{firstLine(step.name)}</code>
        </p>
      )}
      {lines.length > 0 && (
        <div className="mt-2">
          <LogTail lines={lines} />
        </div>
      )}
      {words !== null && (
        <pre className="mt-2 max-h-40 overflow-auto rounded-md border bg-log px-3 py-2 text-xs break-words whitespace-pre-wrap text-bad">
          {words}
        </pre>
      )}
      <div className="mt-3 flex flex-wrap items-center gap-2">
        {remedy && (
          <ButtonLink variant="primary" href={remedy.href}>
            {remedy.label}
          </ButtonLink>
        )}
        {step && (
          <Button
            variant="ghost"
            icon={<ArrowDown aria-hidden />}
            onClick={() =>
              goToAnchor({
                attempt: null,
                step: build.steps.indexOf(step) + 1,
              })
            }
          >
            Show in log
          </Button>
        )}
        {part && (
          <ButtonLink href={`/builds/${part.id}`}>
            Log of {part.platform}
          </ButtonLink>
        )}
        <span className="ml-auto text-ink-3">{facts.join(' · ')}</span>
      </div>
    </Card>
  );
}

/** Where in the spec it comes from, with a way there. */
function SourceLine({
  build,
  source,
}: {
  build: BuildView;
  source: FailureSource;
}) {
  const field = (
    <TextLink href={fieldHref(build.spec.id, source)}>
      {fieldName(source.field)}
    </TextLink>
  );
  return (
    <p className="mb-1 wrap-anywhere">
      {source.entry ? (
        <>
          It is <code>{source.entry.text}</code>, line {source.entry.line} of{' '}
          {field} in revision {build.revision.number}.
        </>
      ) : (
        <>
          It comes from {field} in revision {build.revision.number}.
        </>
      )}
    </p>
  );
}

function describe(
  build: RunView,
  source: FailureSource | null,
  failure: BuildFailureView,
  step: StepView | undefined,
  tail: string,
): string {
  return [
    `${build.spec.name} #${build.number}, revision ${build.revision.number}: ${failure.message}`,
    source && describeSource(source),
    failure.hint,
    failure.exitCode === null
      ? failure.code
      : `${failure.code}, exit code ${failure.exitCode}`,
    step && `Step ${placeOf(step, build.steps)}: ${step.name}`,
    step?.error,
    tail,
  ]
    .filter(Boolean)
    .join('\n');
}

function describeSource({ field, entry }: FailureSource): string {
  return entry
    ? `Line ${entry.line} of ${fieldName(field)}: ${entry.text}`
    : `From ${fieldName(field)}`;
}
