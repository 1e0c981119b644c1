import {
  Ban,
  Check,
  CircleDashed,
  CircleDot,
  CircleSlash,
  CircleStop,
  Clock,
  Hammer,
  type LucideIcon,
  ScanSearch,
  TimerOff,
  Unplug,
  Upload,
  X,
} from 'lucide-react';
import { Chip, type Tone } from '@/components/ui/chip';
import { cn } from '@/components/ui/cn';
import type { BuildState, StepState } from '@/lib/build/state';

type Sign = { word: string; tone: Tone; Icon: LucideIcon; isAlive?: true };

const BUILD_SIGNS: Record<BuildState, Sign> = {
  queued: { word: 'Queued', tone: 'idle', Icon: Clock },
  claimed: { word: 'Starting', tone: 'run', Icon: CircleDot, isAlive: true },
  building: { word: 'Building', tone: 'run', Icon: Hammer, isAlive: true },
  pushing: { word: 'Pushing', tone: 'run', Icon: Upload, isAlive: true },
  verifying: {
    word: 'Verifying',
    tone: 'run',
    Icon: ScanSearch,
    isAlive: true,
  },
  published: { word: 'Published', tone: 'good', Icon: Check },
  cancelling: {
    word: 'Cancelling',
    tone: 'warn',
    Icon: CircleStop,
    isAlive: true,
  },
  cancelled: { word: 'Cancelled', tone: 'idle', Icon: Ban },
  failed: { word: 'Failed', tone: 'bad', Icon: X },
  timed_out: { word: 'Timed out', tone: 'bad', Icon: TimerOff },
  lost: { word: 'Worker lost', tone: 'bad', Icon: Unplug },
};

/** A build's state as icon, word and hue. `children` replaces the word, as in "Failed at step 6 of 11". */
export function StatusChip({
  state,
  children,
  title,
}: {
  state: BuildState;
  children?: React.ReactNode;
  title?: string;
}) {
  const { word, tone, Icon, isAlive } = BUILD_SIGNS[state];
  return (
    <Chip
      tone={tone}
      title={title}
      icon={<Icon aria-hidden className={cn(isAlive && 'animate-breathe')} />}
    >
      {children ?? word}
    </Chip>
  );
}

const STEP_SIGNS: Record<StepState, Sign> = {
  queued: { word: 'Not reached', tone: 'idle', Icon: CircleDashed },
  running: { word: 'Running', tone: 'run', Icon: CircleDot, isAlive: true },
  done: { word: 'Done', tone: 'good', Icon: Check },
  failed: { word: 'Failed', tone: 'bad', Icon: X },
  cancelled: { word: 'Cancelled', tone: 'idle', Icon: CircleSlash },
};

const STEP_INK: Record<Tone, string> = {
  idle: 'text-ink-3',
  run: 'text-run',
  good: 'text-good',
  warn: 'text-warn',
  bad: 'text-bad',
  accent: 'text-accent',
};

/** A step's state as one icon; its word is read out and shown on hover. */
export function StepMark({
  state,
  className,
}: {
  state: StepState;
  className?: string;
}) {
  const { word, tone, Icon, isAlive } = STEP_SIGNS[state];
  return (
    <span
      role="img"
      aria-label={word}
      title={word}
      className={cn('inline-flex', STEP_INK[tone], className)}
    >
      <Icon
        aria-hidden
        className={cn('size-3.5', isAlive && 'animate-breathe')}
      />
    </span>
  );
}
