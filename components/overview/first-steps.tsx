import { Check } from 'lucide-react';
import { ButtonLink } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { cn } from '@/components/ui/cn';
import type { OverviewView } from '@/lib/build/views';

type Step = {
  title: string;
  text: string;
  isDone: boolean;
  action: { label: string; href: string };
};

/** The four steps of a new team, in order. */
export function firstSteps({
  counts,
  hasPublished,
  recent,
}: OverviewView): Step[] {
  return [
    {
      title: 'Add a registry',
      text: 'Where images are pushed to. Its password is sealed and never shown again.',
      isDone: counts.registries > 0,
      action: { label: 'Add a registry', href: '/registries/new' },
    },
    {
      title: 'Define a spec',
      text: 'What goes into an image: the same fields as in an ImageSpec in Python, with the Dockerfile and tag as you type.',
      isDone: counts.specs > 0,
      action: { label: 'Define a spec', href: '/specs/new' },
    },
    {
      title: 'Build it',
      text:
        !hasPublished && recent.length > 0
          ? 'Nothing was published yet. Look at why the last build ended, then build again.'
          : 'A worker builds the spec, pushes the image and reads its digest back.',
      isDone: hasPublished,
      action: { label: 'Choose a spec', href: '/specs' },
    },
    {
      title: 'Import tasks',
      text: 'Paste the Python file of your tasks: it is read, never run, and each task is tied to the digest it uses.',
      isDone: counts.tasks > 0,
      action: { label: 'Import tasks', href: '/tasks/import' },
    },
  ];
}

/** How far a new team has come; the next step has the button. */
export function FirstSteps({ overview }: { overview: OverviewView }) {
  const steps = firstSteps(overview);
  const next = steps.findIndex((step) => !step.isDone);
  return (
    <Card title="From nothing to images your tasks run" isFlush>
      <ol>
        {steps.map((step, index) => (
          <li
            key={step.title}
            className="flex items-start gap-3 border-t px-3 py-2.5 first:border-t-0"
          >
            <Mark number={index + 1} isDone={step.isDone} />
            <div
              className={cn(
                'flex min-w-0 flex-1 flex-wrap items-center gap-x-3 gap-y-2',
                step.isDone && 'text-ink-3',
              )}
            >
              <div className="min-w-0 flex-[1_1_16rem]">
                <p className={cn(!step.isDone && 'font-semibold')}>
                  {step.title}
                  {step.isDone && <span className="sr-only"> (done)</span>}
                </p>
                {!step.isDone && <p className="text-ink-2">{step.text}</p>}
              </div>
              {!step.isDone && (
                <ButtonLink
                  href={step.action.href}
                  variant={index === next ? 'primary' : 'plain'}
                >
                  {step.action.label}
                </ButtonLink>
              )}
            </div>
          </li>
        ))}
      </ol>
    </Card>
  );
}

function Mark({ number, isDone }: { number: number; isDone: boolean }) {
  return (
    <span
      aria-hidden
      className={cn(
        'flex size-5 shrink-0 items-center justify-center rounded-full text-2xs tabular-nums',
        isDone
          ? 'bg-good-soft text-good'
          : 'border border-line-strong text-ink-2',
      )}
    >
      {isDone ? <Check className="size-3" /> : number}
    </span>
  );
}
