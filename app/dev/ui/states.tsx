'use client';
import { FileCode2, Lock, PackageOpen } from 'lucide-react';
import { ButtonLink } from '@/components/ui/button';
import { Columns, Section } from '@/components/ui/card';
import { Chip, type Tone } from '@/components/ui/chip';
import { EmptyState } from '@/components/ui/empty-state';
import { ErrorNotice } from '@/components/ui/error-notice';
import { Notice } from '@/components/ui/notice';
import { ProgressBar } from '@/components/ui/progress-bar';
import { Skeleton, TableSkeleton } from '@/components/ui/skeleton';
import { StatusChip, StepMark } from '@/components/ui/status-chip';
import { BUILD_STATES, STEP_STATES } from '@/lib/build/state';
import { ERRORS } from '@/lib/errors';

const TONES: Tone[] = ['idle', 'run', 'good', 'warn', 'bad', 'accent'];
const LONG =
  'europe-west4-docker.pkg.dev/acme-production-eu/machine-learning/feature-engineering/pricing-etl-base-with-a-long-name';

export function States() {
  return (
    <>
      <Section title="Chips">
        <div className="flex flex-wrap items-center gap-2">
          {BUILD_STATES.map((state) => (
            <StatusChip key={state} state={state} />
          ))}
          <StatusChip state="failed">Failed at step 6 of 11</StatusChip>
        </div>
        <div className="mt-2 flex flex-wrap items-center gap-2">
          {TONES.map((tone) => (
            <Chip key={tone} tone={tone}>
              {tone}
            </Chip>
          ))}
          {TONES.map((tone) => (
            <Chip key={tone} tone={tone} look="hollow">
              {tone}
            </Chip>
          ))}
          <Chip look="solid">pinned</Chip>
          <Chip look="hollow" isMono>
            9fVd3Q…x2A
          </Chip>
          <Chip tone="warn" icon={<Lock aria-hidden />}>
            Not public
          </Chip>
          <Chip isMono className="max-w-60" title={LONG}>
            {LONG}
          </Chip>
          {STEP_STATES.map((state) => (
            <StepMark key={state} state={state} />
          ))}
        </div>
      </Section>
      <Section title="Messages">
        <div className="grid gap-2">
          <Notice title="The worker's own CA certificates will be added while building">
            They are in no layer of the image.
          </Notice>
          <Notice tone="good" title="Password changed">
            Every other session of yours is signed out.
          </Notice>
          <Notice
            tone="warn"
            title="No worker is connected"
            actions={
              <ButtonLink size="sm" href="/workers">
                Connect one
              </ButtonLink>
            }
          >
            Builds wait in the queue until one is.
          </Notice>
          <ErrorNotice
            error={{
              code: 'REGISTRY_UNREACHABLE',
              message: 'ghcr.io did not answer within 10 s.',
              hint: ERRORS.REGISTRY_UNREACHABLE.hint,
            }}
            onRetry={() => undefined}
          />
          <ErrorNotice
            error={{
              code: 'WORKER_OFFLINE',
              message: `No worker can build ${LONG}.`,
              hint: ERRORS.WORKER_OFFLINE.hint,
            }}
            onRetry={() => undefined}
            isRetrying
          />
          <ErrorNotice
            error={{
              code: 'NOT_SIGNED_IN',
              message: 'You are not signed in, or your session has ended.',
              hint: ERRORS.NOT_SIGNED_IN.hint,
            }}
          />
        </div>
      </Section>
      <Section title="Nothing yet, and not yet here">
        <Columns>
          <EmptyState
            icon={<FileCode2 />}
            title="No spec yet"
            action={
              <>
                <ButtonLink href="/specs/new" variant="primary">
                  New spec
                </ButtonLink>
                <ButtonLink href="/tasks/import">Import from code</ButtonLink>
              </>
            }
          >
            A spec says what is in an image: packages, Python, environment.
          </EmptyState>
          <EmptyState icon={<PackageOpen />} title="No image was pushed yet" />
          <TableSkeleton rows={3} />
          <div className="grid content-start gap-3">
            <Skeleton className="h-7 w-40" />
            <Skeleton />
            <Skeleton className="w-2/3" />
            <ProgressBar value={0.58} label="Build" />
            <ProgressBar value={1} label="Push" tone="good" />
          </div>
        </Columns>
      </Section>
    </>
  );
}
